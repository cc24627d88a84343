import { GrantsService, GrantVerbs, UnusedAccess } from '#grants';
import { localDay, readableDate, systemActor } from '#kernel';
import { RequestsService } from '#requests';
import { aTeacher, type TestPerson } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

const day = (after: number): string => localDay(new Date(Date.now() + after * 86_400_000));
const instant = (after: number): Date => new Date(Date.now() + after * 86_400_000);

describe('my access', () => {
  let portal: TestPortal;
  let story: Story;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const get = <Service>(service: new (...parts: never[]) => Service): Service =>
    portal.app.get(service, { strict: false });
  const give = (
    { accountId, staffMemberId }: TestPerson,
    more: { permission?: string; toAt?: Date; fromAt?: Date; level?: 'site' | 'system'; code?: string } = {},
  ): Promise<string> => {
    const { permission = 'iep-form-writer', level = 'site', code = story.school, ...times } = more;
    return get(GrantsService).give(systemActor, {
      application: 'ser-iep-form',
      role: 'iep-form',
      permission,
      location: { level, code },
      systemCode: story.system,
      accountId,
      staffMemberId,
      ...times,
    });
  };
  const effective = async ({ accountId }: TestPerson): Promise<number> =>
    (await get(GrantsService).effective(accountId, undefined, portal.clock.now())).length;
  const someone = (lastName: string): Promise<TestPerson> =>
    aTeacher(portal.em, { firstName: 'Evangeline', lastName, site: story.school });

  it('says what, where, since when, until when, and who approved it, with the request', async () => {
    const person = await someone('Autin');
    const { id, reference } = await ask(portal, person, story.school, { permissions: ['iep-form-writer'] });
    const [lineId] = Object.values(await lineIdsOf(portal, id));
    const decisions = [{ lineId: lineId!, verdict: 'approve' as const }];
    await get(RequestsService).decide(story.coordinator.actor, id, { version: 1, decisions });
    await give(person, { permission: 'iep-form-approver', level: 'system', code: story.system, toAt: instant(20) });
    const visitor = await portal.signedIn(person);
    const { text, html } = await visitor.open('/access');
    for (const words of [
      'IEP Form Writer Active',
      'At Heron Street Elementary',
      'Write and change IEP forms.',
      'with no end set',
      'Approved by Marguerite Delahoussaye on',
      reference,
      'IEP Form Approver Ends soon',
      'the whole school system',
      `The last day is`,
    ])
      expect(text).toContain(words);
    expect(html).toContain(`href="/requests/${id}"`);
    expect(html.match(/\/longer"/g)).toHaveLength(1);
    const home = await visitor.open('/');
    expect(home.html).toContain('href="/access"');
    expect(home.text).toContain('Ends soon');
    await get(GrantsService).endFor(systemActor, { staffMemberId: person.staffMemberId }, 'revoked', 'Other duties.');
    const after = (await visitor.open('/')).text;
    expect(after).toContain('You have no access now What you had has ended.');
    expect(after).not.toContain('Not approved so far');
  });

  it('tells what begins later, rests, is suspended and has ended, and why', async () => {
    const person = await someone('Bergeron');
    await give(person, { fromAt: instant(10) });
    const suspended = await give(person, { permission: 'iep-form-approver' });
    await get(GrantVerbs).suspend(story.coordinator.actor, suspended, { reason: 'On leave until May.' });
    const visitor = await portal.signedIn(person);
    let { text } = await visitor.open('/access');
    for (const words of [
      'IEP Form Writer Begins later',
      'Begins on',
      'IEP Form Approver Suspended',
      'On leave until May.',
    ])
      expect(text).toContain(words);
    await get(GrantVerbs).revoke(story.coordinator.actor, suspended, { reason: 'Other duties.' });
    ({ text } = await visitor.open('/access'));
    expect(text).toContain('Ended in the last year');
    expect(text).toContain('Taken away on');
    expect(text).toContain('Reason: Other duties.');
    expect((await visitor.open('/')).text).not.toContain('IEP Form Approver');
    portal.clock.advance(366 * 86_400_000);
    expect((await (await portal.signedIn(person)).open('/access')).text).not.toContain('Other duties.');
    portal.clock.advance(-366 * 86_400_000);
  });

  it('what ended before it began stands among what has ended, on no list of what people have', async () => {
    const person = await someone('Rachal');
    const id = await give(person, { fromAt: instant(10) });
    const looking = await portal.signedIn(story.coordinator);
    expect((await looking.open('/people?q=Rachal')).html).toContain(id);
    await get(GrantVerbs).revoke(story.coordinator.actor, id, { reason: 'Other plans.' });
    const visitor = await portal.signedIn(person);
    const { text, html } = await visitor.open('/access');
    expect(text).toContain(`Taken away on ${readableDate(portal.clock.now())}. Reason: Other plans.`);
    expect(text).not.toContain('Begins later');
    expect(html).not.toContain('/give-up"');
    expect((await visitor.open('/')).text).not.toContain('IEP Form Writer');
    expect((await looking.open('/people?q=Rachal')).html).not.toContain(id);
    expect((await looking.open(`/people/${person.staffMemberId}/access/${id}`)).text).toContain('State Ended');
  });

  it('gives up after a page that says what that means; once, however often it is sent', async () => {
    const person = await someone('Chauvin');
    const id = await give(person);
    const visitor = await portal.signedIn(person);
    const page = await visitor.open(`/access/${id}/give-up`);
    for (const words of ['Give up IEP Form Writer?', 'Heron Street Elementary', 'told at once', 'you ask anew'])
      expect(page.text).toContain(words);
    const long = await visitor.post(`/access/${id}/give-up`, { reason: 'x'.repeat(501) });
    expect([long.status, long.html.includes('href="#reason"')]).toEqual([422, true]);
    const odd = await visitor.post(`/access/${id}/give-up`, { reason: 'turned\u202e' });
    expect([odd.status, odd.html.includes('href="#reason"')]).toEqual([422, true]);
    expect(await effective(person)).toBe(1);
    const _key = crypto.randomUUID();
    for (let time = 0; time < 2; time++) {
      const sent = await visitor.post(`/access/${id}/give-up`, { reason: 'I teach other classes.', _key });
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '/access?done=given-up']);
    }
    expect(await effective(person)).toBe(0);
    const { text } = await visitor.open('/access?done=given-up');
    expect(text).toContain('You gave it up. It has ended');
    expect(text).toContain('You gave it up on');
    expect((await visitor.open(`/access/${id}/give-up`)).status).toBe(404);
    const coordinator = await portal.signedIn(story.coordinator);
    expect((await coordinator.open(`/people/${person.staffMemberId}/access/${id}`)).text).toContain(
      'I teach other classes.',
    );
  });

  it('AC-2 access of others is not there', async () => {
    const id = await give(await someone('Dugas'), { toAt: instant(30) });
    for (const who of [story.teacher, story.coordinator, story.officer, story.newcomer]) {
      const visitor = await portal.signedIn(who);
      for (const page of [
        await visitor.open(`/access/${id}/give-up`),
        await visitor.post(`/access/${id}/give-up`, { reason: '' }),
        await visitor.open(`/access/${id}/longer`),
        await visitor.post(`/access/${id}/longer`, { lastDay: day(60), why: '' }),
      ])
        expect(page.status).toBe(404);
    }
  });

  it('asks to keep longer what ends: a request that whoever decides there approves, and it goes on', async () => {
    const person = await someone('Estay');
    const id = await give(person, { toAt: new Date(`${day(21)}T06:00:00Z`) });
    const visitor = await portal.signedIn(person);
    const form = await visitor.open(`/access/${id}/longer`);
    const next = Number(day(20).slice(0, 4)) + 1;
    expect(form.html).toContain(`value="${next}-`);
    const early = await visitor.post(`/access/${id}/longer`, { lastDay: day(5), why: '' });
    expect([early.status, early.html.includes('href="#lastDay"')]).toEqual([422, true]);
    expect((await visitor.post(`/access/${id}/longer`, { lastDay: '', why: '' })).status).toBe(422);
    const sent = await visitor.post(`/access/${id}/longer`, { lastDay: day(100), why: 'Summer school.' });
    expect(sent.status).toBe(303);
    const requestId = /\/requests\/([^?]+)/.exec(sent.headers.get('location')!)![1]!;
    const waiting = await visitor.open('/access');
    expect(waiting.text).toContain('You asked to keep it longer');
    expect(waiting.html).not.toContain('/longer"');
    const [lineId] = Object.values(await lineIdsOf(portal, requestId));
    const decisions = [{ lineId: lineId!, verdict: 'approve' as const }];
    await get(RequestsService).decide(story.coordinator.actor, requestId, { version: 1, decisions });
    const { text, html } = await visitor.open('/access');
    expect(text).not.toContain('Ends soon');
    expect(html).toContain('/longer"');
    await get(GrantVerbs).suspend(story.coordinator.actor, id, { reason: 'x' });
    expect((await visitor.open('/access')).html).not.toContain('/longer"');
    const rests = await visitor.post(`/access/${id}/longer`, { lastDay: day(200), why: '' });
    expect(rests.status).toBe(409);
    expect(rests.text).toContain('Keep IEP Form Writer longer');
  });

  it('is empty for who has nothing, with the way to begin', async () => {
    expect((await (await portal.signedIn(story.newcomer)).open('/access')).text).toContain('Link your Staff ID');
    const visitor = await portal.signedIn(await someone('Falgout'));
    const { text, html } = await visitor.open('/access');
    expect(text).toContain('You have no access now.');
    expect(html).toContain('href="/requests/new"');
  });

  it('CF-5 what rests because it was not used says so, and who can let it go on', async () => {
    const person = await someone('Guidroz');
    await give(person);
    for (const days of [86, 6]) {
      portal.clock.advance(days * 86_400_000);
      await get(UnusedAccess).follow();
    }
    const { text } = await (await portal.signedIn(person)).open('/access');
    expect(text).toContain('IEP Form Writer Rests');
    expect(text).toContain('you did not use SER IEP Form for a while');
    expect(text).not.toContain('Not used for 90 days');
  });
});
