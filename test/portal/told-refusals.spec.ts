import { GrantsService } from '#grants';
import { newId, systemActor } from '#kernel';
import { startPortal, type TestPortal } from './portal.js';
import { type Story, tellStory } from './story.js';

describe('refusals that a page tells', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const refused = async (action: string): Promise<{ target: string; reason: string }[]> =>
    portal.em.execute(
      `select target, reason from audit_entry where result = 'refused' and action = ? and account_id = ? order by id`,
      [action, story.coordinator.accountId],
    );

  it('AU-2, CO-1 are in the audit log although all that the form did is undone', async () => {
    const coordinator = await portal.signedIn(story.coordinator);
    const { accountId, staffMemberId } = story.coordinator;
    const grantId = await portal.app.get(GrantsService, { strict: false }).give(systemActor, {
      application: 'ser-iep-form',
      role: 'iep-form',
      permission: 'iep-form-writer',
      location: { level: 'site', code: story.school },
      systemCode: story.system,
      accountId,
      staffMemberId,
    });
    const own = { target: `grant:${grantId}`, reason: 'grants.own' };
    const page = `/people/${staffMemberId}/access/${grantId}`;
    expect((await coordinator.post(`${page}/resume`, {})).status).toBe(403);
    expect(await refused('grant.resume')).toEqual([own]);
    const lastDay = '2030-06-30';
    expect((await coordinator.post(`${page}/renew`, { lastDay })).status).toBe(403);
    expect((await coordinator.post('/people/renew', { grant: [grantId], lastDay })).status).toBe(403);
    expect(await refused('grant.renew')).toEqual([own, own]);

    const form = { permission: 'ser:ser-data:ser-data-reader', place: `site:${story.otherSchool}`, formKey: newId() };
    for (const staffId of [story.teacher.staffId, story.stranger.staffId])
      expect((await coordinator.post('/proposals', { ...form, staffId })).status).toBe(422);
    const target = 'request-proposal';
    const reason = 'requests.not-enterable';
    expect(await refused('request.enter-proposal')).toEqual([
      { target, reason },
      { target, reason },
    ]);
  });
});
