import { DesignationService } from '#coordinators';
import { newId } from '#kernel';
import { aHead, anAssignment, aSystem, signStatement } from '../support/people.js';
import { type OfficeStory, tellOfficeStory } from './office-story.js';
import { type PortalVisitor, startPortal, type TestPortal } from './portal.js';

describe('designating a coordinator in the portal', () => {
  let portal: TestPortal;
  let story: OfficeStory;
  let head: PortalVisitor;
  let officer: PortalVisitor;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellOfficeStory(portal);
    head = await portal.signedIn(story.head);
    officer = await portal.signedIn(story.officer);
  });
  afterAll(() => portal?.stop());

  const form = (others: Record<string, string | string[]> = {}): Record<string, string | string[]> => ({
    system: story.system,
    staffId: story.candidate.staffId,
    reach: 'group',
    site: story.schools.slice(5, 8),
    reason: 'He keeps the lists already.',
    formKey: newId(),
    ...others,
  });
  const idIn = (location?: string): string => /\/designate\/([0-9a-f-]+)/.exec(location ?? '')![1]!;
  const rows = (): Promise<{ id: string; status: string; version: number }[]> =>
    portal.em.execute('select id, status, version from designation order by created_at');
  const planHash = (html: string): string => /name="planHash" value="([0-9a-f]+)"/.exec(html)![1]!;

  it('CO-3 the head designates, the office approves, the person asks, the office grants; the picture shows it', async () => {
    const twice = form();
    const sent = await head.post('/designate', twice);
    expect([sent.status, sent.location]).toEqual([303, expect.stringMatching(/\/designate\/[0-9a-f-]+\?done=sent$/)]);
    expect((await head.post('/designate', twice)).location).toBe(sent.location);
    expect(await rows()).toHaveLength(1);
    const id = idIn(sent.location);

    expect((await officer.open('/state')).text).toContain('1 designation to look at');
    expect((await officer.open('/state/designations')).text).toContain('Émile Castille for Bayou Vermeil Parish');
    const approved = await officer.post(`/state/designations/${id}/approve`, { version: '1', note: '' });
    expect([approved.status, approved.location]).toEqual([
      303,
      `${portal.origin}/state/designations/${id}?done=approved`,
    ]);
    await signStatement(portal.em, story.candidate.staffMemberId);
    await portal.app.get(DesignationService, { strict: false }).ask(story.candidate.actor, id, { version: 2 });

    const plan = await officer.post(`/state/designations/${id}/grant`, { version: '3' });
    expect([plan.status, plan.text]).toEqual([200, expect.stringContaining('Émile Castille becomes a coordinator')]);
    expect((await rows())[0]!.status).toBe('asked');
    const confirmed = { version: '3', planHash: planHash(plan.html) };
    const granted = await officer.post(`/state/designations/${id}/grant`, confirmed);
    expect([granted.status, granted.location]).toEqual([303, `${portal.origin}/state/designations/${id}?done=granted`]);
    expect((await rows())[0]!.status).toBe('granted');
    const again = await officer.post(`/state/designations/${id}/grant`, confirmed);
    expect(again.status).toBe(409);

    const picture = await head.open(`/systems/${story.system}`);
    expect(picture.text).toMatch(/Group of 3 sites Émile Castille/);
    const steps = (await head.open(`/designate/${id}`)).text;
    for (const step of ['designated', 'approved', 'asked for access', 'granted access']) expect(steps).toContain(step);
  });

  it('409 designation twice, and faults beside their fields', async () => {
    const twice = await head.post('/designate', form({ site: story.schools.slice(5, 8) }));
    expect([twice.status, twice.text]).toEqual([409, expect.stringContaining('Already a coordinator here')]);
    for (const [others, field, words] of [
      [{ staffId: '123' }, 'staffId', '10 digits'],
      [{ staffId: '9999999999' }, 'staffId', 'Nobody has this Staff ID'],
      [{ site: [] as string[] }, 'site', 'Choose the sites of the group'],
      [{ reach: 'site' }, 'site', 'Choose the one site'],
      [{ reach: 'everything' }, 'reach', 'Choose what the person decides for'],
      [{ fromDay: '2027-02-30' }, 'fromDay', 'Choose a day'],
      [{ reason: '' }, 'reason', 'Write why'],
    ] as [Record<string, string | string[]>, string, string][]) {
      const page = await head.post('/designate', form(others));
      expect([page.status, page.text]).toEqual([422, expect.stringContaining(words)]);
      expect(page.html).toContain(`href="#${field}"`);
      expect(page.html).toContain(`id="${field}-fault"`);
    }
    const crossed = await head.post(
      '/designate',
      form({ fromDay: '2027-05-01', lastDay: '2027-04-01', reach: 'system' }),
    );
    expect(crossed.status).toBe(422);
  });

  it('CO-3 AC-2 a head reaches nobody else: foreign sites, foreign systems, foreign designations', async () => {
    const other = await aSystem(portal.em, { name: 'Tupelo Ridge Parish' });
    const neighbour = await portal.signedIn(await aHead(portal.em, other, { firstName: 'Blaise', lastName: 'Hebert' }));
    const { id } = (await rows())[0]!;
    const before = JSON.stringify(await rows());
    for (const path of [
      `/designate/${id}`,
      `/designate/${newId()}`,
      '/designate/x',
      `/designate?system=${story.system}`,
      `/systems/${story.system}`,
      '/systems/Z99',
    ])
      expect([path, (await neighbour.open(path)).status]).toEqual([path, 404]);
    expect((await neighbour.post(`/designate/${id}/withdraw`, { version: '4' })).status).toBe(404);
    expect((await neighbour.post('/designate', form())).status).toBe(403);
    const foreign = await neighbour.post('/designate', form({ system: other }));
    expect(foreign.status).toBe(422);
    expect(JSON.stringify(await rows())).toBe(before);
    for (const person of [story.teacher, story.coordinator, story.officer]) {
      const visitor = await portal.signedIn(person);
      expect((await visitor.post('/designate', form())).status).toBe(403);
    }
    expect(JSON.stringify(await rows())).toBe(before);
  });

  it('CO-3 nobody of the state desk approves a designation of himself or one he made as head', async () => {
    const system = await aSystem(portal.em, { name: 'Persimmon Parish' });
    const both = await aHead(portal.em, system, { firstName: 'Ambrose', lastName: 'Leger' });
    await anAssignment(portal.em, both.staffMemberId, { reach: 'state' });
    const designations = portal.app.get(DesignationService, { strict: false });
    const own = await designations.propose(both.actor, {
      formKey: newId(),
      staffId: both.staffId,
      reach: 'system',
      systemCode: system,
      reason: 'Myself.',
    });
    const made = await designations.propose(both.actor, {
      formKey: newId(),
      staffId: story.teacher.staffId,
      reach: 'system',
      systemCode: system,
      reason: 'A friend.',
    });
    const visitor = await portal.signedIn(both);
    for (const id of [own, made]) {
      const shown = await visitor.open(`/state/designations/${id}`);
      expect(shown.html).not.toContain('/approve"');
      expect(shown.text).toContain('Somebody else of the state office acts on it');
      const page = await visitor.post(`/state/designations/${id}/approve`, { version: '1' });
      expect(page.status).toBe(403);
    }
    expect((await rows()).filter(({ id }) => [own, made].includes(id)).map(({ status }) => status)).toEqual([
      'proposed',
      'proposed',
    ]);
  });

  it('R-07 of two officers at the same moment one takes the step; the other sees what changed', async () => {
    const id = idIn((await head.post('/designate', form({ reach: 'site', site: [story.schools[8]!] }))).location);
    const page = await officer.post(`/state/designations/${id}/refuse`, { version: '1', reason: '' });
    expect([page.status, page.html]).toEqual([422, expect.stringContaining('id="reason-fault"')]);
    const colleague = await portal.signedIn(story.colleague);
    const [one, other] = await Promise.all([
      officer.post(`/state/designations/${id}/approve`, { version: '1' }),
      colleague.post(`/state/designations/${id}/refuse`, { version: '1', reason: 'Not now.' }),
    ]);
    expect([one.status, other.status].sort()).toEqual([303, 409]);
    const late = one.status === 409 ? one : other;
    expect(late.text).toContain('This was changed meanwhile');
  });

  it('CO-4 a step on a page that is no longer so is not taken', async () => {
    const id = idIn((await head.post('/designate', form({ reach: 'site', site: [story.schools[6]!] }))).location);
    expect((await officer.post(`/state/designations/${id}/approve`, { version: '1' })).status).toBe(303);
    const colleague = await portal.signedIn(story.colleague);
    const late = await colleague.post(`/state/designations/${id}/refuse`, { version: '1', reason: 'Not now.' });
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('This was changed meanwhile')]);
    const endless = await colleague.post(`/state/designations/${id}/refuse`, { version: '99999999999', reason: 'x' });
    expect(endless.status).toBe(422);
    expect((await rows()).find((row) => row.id === id)!.status).toBe('approved');
  });

  it('sites too many to tick are typed as codes', async () => {
    const site = `${story.schools[6]!.toLowerCase()}, ${story.schools[7]}\n${story.schools[8]} `;
    const typed = await head.post('/designate', form({ site }));
    expect(typed.status).toBe(303);
    const { text } = await head.open(`/designate/${idIn(typed.location)}`);
    for (const name of ['Sugar Mill', 'Live Oak', 'North Levee']) expect(text).toContain(name);
    const damaged = await head.post('/designate', form({ site: `${site} ;DROP--TABLE!` }));
    expect([damaged.status, damaged.html]).toEqual([422, expect.stringContaining('href="#site"')]);
  });

  it('a head takes a designation back, once', async () => {
    const id = idIn((await head.post('/designate', form({ reach: 'site', site: [story.schools[7]!] }))).location);
    const withdrawn = await head.post(`/designate/${id}/withdraw`, { version: '1' });
    expect([withdrawn.status, withdrawn.location]).toEqual([303, `${portal.origin}/designate/${id}?done=withdrawn`]);
    expect((await head.post(`/designate/${id}/withdraw`, { version: '1' })).status).toBeGreaterThanOrEqual(403);
    expect((await officer.post(`/state/designations/${id}/approve`, { version: '2' })).status).toBeGreaterThanOrEqual(
      403,
    );
    expect((await rows()).find((row) => row.id === id)!.status).toBe('withdrawn');
  });
});
