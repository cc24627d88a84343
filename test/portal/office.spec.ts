import { newId } from '#kernel';
import { aCoordinator, aCover, aSite, aSystem, anAssignment, signStatement } from '../support/people.js';
import { type OfficeStory, tellOfficeStory } from './office-story.js';
import { type PortalVisitor, startPortal, type TestPortal } from './portal.js';
import { ask } from './story.js';

describe('the state office in the portal', () => {
  let portal: TestPortal;
  let story: OfficeStory;
  let officer: PortalVisitor;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellOfficeStory(portal);
    officer = await portal.signedIn(story.officer);
  });
  afterAll(() => portal?.stop());

  const planHash = (html: string): string => /name="planHash" value="([0-9a-f]+)"/.exec(html)![1]!;
  const deciders = async (requestId: string): Promise<string[]> =>
    (
      await portal.em.execute<{ id: string }[]>(
        `select distinct d.staff_member_id as id from request_decider d join request_line l on l.id = d.line_id where l.request_id = ?`,
        [requestId],
      )
    ).map(({ id }) => id);

  it('AC-2 what is not there is a page that is not there', async () => {
    for (const path of [
      `/state/designations/${newId()}`,
      '/state/designations/x',
      `/state/coordinators/${newId()}`,
      "/state/coordinators/'",
      '/state/places/site/XXXXXX',
      '/state/places/system/%00',
      `/state/places/elsewhere/${story.system}`,
      `/state/register/${newId()}`,
      '/state/register/x',
      '/systems/NONE',
    ]) {
      const { status } = await officer.open(path);
      expect([path, [400, 404].includes(status)]).toEqual([path, true]);
    }
    expect((await officer.post(`/state/places/site/${story.schools[0]}/rename`, { to: 'x' })).status).toBe(404);
    expect((await officer.post('/state/disagreements', { id: newId(), outcome: 'source' })).status).toBe(404);
  });

  it('CO-3 nobody else comes in: teachers, coordinators and heads', async () => {
    for (const person of [story.teacher, story.coordinator, story.head, story.group]) {
      const visitor = await portal.signedIn(person);
      for (const path of ['/state', '/state/coverage', '/state/designations', '/state/places', '/state/register'])
        expect((await visitor.open(path)).status).toBe(403);
      expect((await visitor.post(`/state/coordinators/${story.site.coordinatorId}/end`, { reason: 'x' })).status).toBe(
        403,
      );
      expect((await visitor.post(`/state/places/site/${story.schools[0]}/close`, { reason: 'x' })).status).toBe(403);
    }
  });

  it('AC-3 the picture of a school system is for its coordinators, its head and the office', async () => {
    for (const person of [story.coordinator, story.group, story.site, story.head, story.officer])
      expect((await (await portal.signedIn(person)).open(`/systems/${story.system}`)).status).toBe(200);
    for (const person of [story.coordinator, story.head, story.teacher])
      expect((await (await portal.signedIn(person)).open(`/systems/${story.vacant}`)).status).toBe(404);
    const { text } = await officer.open(`/systems/${story.system}`);
    for (const words of [
      'Superintendent: Rosalind Thibodaux',
      'SER only',
      'stands in for Anselm Fontaine',
      '1 with their own',
      '3 in a group',
      '7 by the school system',
    ])
      expect(text).toContain(words);
    expect((await officer.open(`/systems/${story.system}?q=levee`)).text).toContain('North Levee High School');
    expect((await officer.open(`/systems/${story.system}?q=zzz`)).text).toContain('No site fits');
    expect((await officer.open(`/systems/${story.vacant}`)).text).toContain('Decided by the state office');
  });

  it('the overview counts what waits and what is not covered, and leads there', async () => {
    const { text } = await officer.open('/state');
    for (const words of [
      '2 systems without a coordinator',
      '1 system that hangs on one person',
      '1 site no school system serves',
    ])
      expect(text).toContain(words);
    expect((await officer.open('/state/coverage?view=without')).text).toContain('Cypress Landing Parish');
    expect((await officer.open('/state/coverage?view=single')).text).toContain('Marguerite Delahoussaye');
    expect((await officer.open('/state/coverage?view=unserved')).text).toContain('Saint Odile School');
    expect((await officer.open('/state/coverage?view=coordinators&q=fontaine')).text).toContain('a group of 3 sites');
    expect((await officer.open('/state/coverage?view=nonsense&page=-1')).text).toContain('No coordinator');
    expect((await officer.open('/state/coverage?q=a&q=b')).status).toBe(400);
  });

  it('lists tell who stands in for the only one, and a pair of SER and SER IEP Form is one line that leads to each', async () => {
    const system = await aSystem(portal.em, { name: 'Tchoupic Parish' });
    const only = await aCoordinator(portal.em, { reach: 'system', system });
    await signStatement(portal.em, story.teacher.staffMemberId);
    await aCover(portal.em, only.coordinatorId, story.teacher.staffMemberId, { toDay: '2998-06-02' });
    expect((await officer.open('/state/coverage?view=single&q=tchoupic')).text).toMatch(/stands in for .*June 1, 2998/);
    const scope = { reach: 'system' as const, system };
    const form = await anAssignment(portal.em, only.staffMemberId, { ...scope, application: 'ser-iep-form' });
    const ser = await anAssignment(portal.em, only.staffMemberId, { ...scope, application: 'ser' });
    for (const path of ['/state/coverage?view=coordinators&q=tchoupic', `/systems/${system}`]) {
      const { text, html } = await officer.open(path);
      expect(text).toContain('SER and SER IEP Form only');
      for (const id of [ser, form]) expect(html).toContain(`href="/state/coordinators/${id}"`);
    }
    await portal.em.execute(`update coordinator set ended_at = now() where system_code = ?`, [system]);
    await portal.em.execute(`update school_system set closed_on = '2021-07-01' where code = ?`, [system]);
  });

  it('CO-6 the last coordinator ends only with a take-over; the plan is what is saved', async () => {
    const address = `/state/coordinators/${story.coordinator.coordinatorId}`;
    const refused = await officer.post(`${address}/end`, { reason: 'She retires.' });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('Nobody would be left')]);
    expect(refused.html).toContain('She retires.');
    const fields = { reason: 'She retires.', takeOver: 'yes' };
    const plan = await officer.post(`${address}/end`, fields);
    expect(plan.status).toBe(200);
    expect(plan.text).toContain('2 go from Marguerite Delahoussaye to Philippa Okafor , Winston Boudreaux');
    expect(await deciders(story.requestId)).toEqual([story.coordinator.staffMemberId]);

    // The world changes between the page and the click: one more request.
    const { id: later } = await ask(portal, story.candidate, story.schools[5]!);
    const stale = await officer.post(`${address}/end`, { ...fields, planHash: planHash(plan.html) });
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining('Something changed meanwhile')]);
    expect(stale.text).toContain('4 go from');
    expect(await deciders(later)).toEqual([story.coordinator.staffMemberId]);
    expect(planHash(stale.html)).not.toBe(planHash(plan.html));

    const confirmed = { ...fields, planHash: planHash(stale.html) };
    const ended = await officer.post(`${address}/end`, confirmed);
    expect([ended.status, ended.location]).toEqual([303, `${portal.origin}${address}?done=ended`]);
    expect(await deciders(later)).not.toContain(story.coordinator.staffMemberId);
    expect((await officer.post(`${address}/end`, confirmed)).status).toBe(409);
    expect((await officer.open(address)).text).toContain('Ended');
    expect((await officer.open(`/systems/${story.system}`)).text).toContain('The state office stands in');
    const head = await portal.signedIn(story.head);
    expect((await head.open('/designate')).text).toContain('Nobody decides for all of Bayou Vermeil Parish');
    await anAssignment(portal.em, story.coordinator.staffMemberId, { reach: 'system', system: story.system });
  });

  it('faults of an ending and of a cover stand beside their fields', async () => {
    const address = `/state/coordinators/${story.site.coordinatorId}`;
    const end = await officer.post(`${address}/end`, { reason: '', endDay: '2027-02-30' });
    expect(end.status).toBe(422);
    for (const piece of ['id="reason-fault"', 'id="endDay-fault"', 'href="#endDay"']) expect(end.html).toContain(piece);
    const who = story.candidate.staffId;
    const cover = await officer.post(`${address}/cover`, { who, fromDay: '', lastDay: '2027-13-01' });
    expect(cover.status).toBe(422);
    for (const piece of ['id="staffMemberId-fault"', 'id="fromDay-fault"', 'id="lastDay-fault"', 'Castille'])
      expect(cover.html).toContain(piece);
    expect((await officer.open(`${address}?who=zzzz`)).text).toContain('Nobody of that name');
  });

  it('the office names a cover for somebody who is ill, and ends it', async () => {
    const address = `/state/coordinators/${story.site.coordinatorId}`;
    const fields = {
      staffMemberId: story.candidate.staffMemberId,
      fromDay: '2027-01-11',
      lastDay: '2027-01-15',
      who: '',
    };
    const crossed = await officer.post(`${address}/cover`, { ...fields, lastDay: '2027-01-04' });
    expect(crossed.status).toBe(409);
    const plan = await officer.post(`${address}/cover`, fields);
    expect([plan.status, plan.text]).toEqual([200, expect.stringContaining('January 11, 2027 until January 15, 2027')]);
    const named = await officer.post(`${address}/cover`, { ...fields, planHash: planHash(plan.html) });
    expect([named.status, named.location]).toEqual([303, `${portal.origin}${address}?done=covered`]);
    const page = await officer.open(address);
    expect(page.text).toContain('Émile Castille stands in from January 11, 2027 until January 15, 2027');
    const coverId = /name="coverId" value="([0-9a-f-]+)"/.exec(page.html)![1]!;
    expect((await officer.post(`${address}/end-cover`, { coverId })).status).toBe(303);
    expect((await officer.open(address)).text).toContain('Nobody stands in');
    expect([404, 409]).toContain((await officer.post(`${address}/end-cover`, { coverId })).status);
  });

  it('AC-5 a place is served, moved, merged and closed by name or code, each seen first', async () => {
    const { nonpublic, system } = story;
    const address = `/state/places/site/${nonpublic}`;
    expect((await officer.open('/state/places?q=odile')).text).toContain('Saint Odile School');
    const many = await officer.post(`${address}/serve`, { to: 'parish' });
    expect([many.status, many.text]).toEqual([422, expect.stringContaining('Several fit')]);
    expect(many.html).toContain('id="to-serve-fault"');
    expect((await officer.post(`${address}/serve`, { to: 'zzzz' })).text).toContain('No open school system fits');
    const bad = await officer.post(`${address}/serve`, { to: nonpublic.slice(0, 3) });
    expect([bad.status, bad.text]).toEqual([409, expect.stringContaining('This system cannot serve this site')]);

    const plan = await officer.post(`${address}/serve`, { to: 'vermeil parish' });
    expect([plan.status, plan.text]).toEqual([200, expect.stringContaining('Bayou Vermeil Parish serves Saint Odile')]);
    const serve = { to: system, planHash: planHash(plan.html) };
    expect((await officer.post(`${address}/serve`, serve)).status).toBe(303);
    expect((await officer.open(address)).text).toContain(`Bayou Vermeil Parish (${system})`);
    expect((await officer.open('/state/coverage?view=unserved')).text).toContain('has a school system that serves it');

    const change = async (site: string, name: string, typed: Record<string, string>): Promise<void> => {
      const seen = await officer.post(`/state/places/site/${site}/${name}`, typed);
      expect([name, seen.status]).toEqual([name, 200]);
      const fields = { ...typed, planHash: planHash(seen.html) };
      const saved = await officer.post(`/state/places/site/${site}/${name}`, fields);
      expect([name, saved.status]).toEqual([name, 303]);
    };
    const target = await aSystem(portal.em, { name: 'Hackberry Parish' });
    const moved = await aSite(portal.em, system, { name: 'Tallow Grove Elementary' });
    await change(moved, 'move', { to: target });
    expect((await officer.open(`/state/places/site/${moved}`)).text).toContain(
      `Belongs to Hackberry Parish (${target})`,
    );
    const merged = await aSite(portal.em, system, { name: 'Little Tallow Elementary' });
    await change(merged, 'merge', { to: 'tallow grove' });
    const site = await aSite(portal.em, system, { name: 'Levee Annex' });
    await change(site, 'close', { reason: 'It was torn down.' });
    const closed = await officer.open(`/state/places/site/${site}`);
    expect(closed.text).toContain('Closed');
    expect(closed.html).not.toContain('Change it');
    const gone = await officer.post(`/state/places/site/${site}/close`, { reason: 'Twice.' });
    expect([gone.status, gone.text]).toEqual([409, expect.stringContaining('This place is closed')]);
    expect((await officer.post(`${address}/merge`, { to: nonpublic })).status).toBe(409);
    expect((await officer.post(`${address}/close`, { reason: ' ' })).html).toContain('id="reason-close-fault"');
  });

  it('the office keeps the record of heads, and nobody names himself', async () => {
    const address = `/state/places/system/${story.vacant}`;
    const wrong = await officer.post(`${address}/head`, { staffId: '9999999999', title: 'Superintendent' });
    expect([wrong.status, wrong.html]).toEqual([422, expect.stringContaining('id="staffId-head-fault"')]);
    const self = await officer.post(`${address}/head`, { staffId: story.officer.staffId, title: 'Superintendent' });
    expect(self.status).toBe(403);
    const named = await officer.post(`${address}/head`, { staffId: story.teacher.staffId, title: 'Superintendent' });
    expect(named.status).toBe(303);
    const page = await officer.open(address);
    expect(page.text).toContain('Odessa Thibeaux , Superintendent');
    expect((await (await portal.signedIn(story.teacher)).open('/designate')).status).toBe(200);
    const headId = /name="headId" value="([0-9a-f-]+)"/.exec(page.html)![1]!;
    expect((await officer.post(`${address}/end-head`, { headId, reason: '' })).status).toBe(422);
    expect((await officer.post(`${address}/end-head`, { headId, reason: 'A mistake.' })).status).toBe(303);
    expect((await officer.post(`${address}/end-head`, { headId, reason: 'Again.' })).status).toBe(409);
    expect((await (await portal.signedIn(story.teacher)).open('/designate')).status).toBe(403);
  });
});
