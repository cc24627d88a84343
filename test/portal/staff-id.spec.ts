import { keyedHash } from '#kernel';
import { aStaffMember, anAccount, type Person } from '../support/people.js';
import { type PortalVisitor, startPortal, type TestPortal } from './portal.js';
import { aDispute, type Story, tellStory } from './story.js';

describe('linking a Staff ID in the portal', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const born = { birthMonth: '4', birthDay: '9', birthYear: '1986' };
  let names = 0;

  async function aPerson(): Promise<Person & { facts: Record<string, string> }> {
    const lastName = `Arceneaux${String.fromCharCode(97 + names++)}`;
    const person = await aStaffMember(portal.em, { firstName: 'Célestine', lastName, site: story.school });
    await portal.em.execute('update staff_member set birth_hash = ? where id = ?', [
      keyedHash(portal.settings.IDENTITY_SECRET, 'birth-date', '1986-04-09'),
      person.staffMemberId,
    ]);
    return { ...person, facts: { firstName: person.firstName, lastName, ...born } };
  }
  const newcomer = async (): Promise<PortalVisitor> => portal.signedIn({ accountId: await anAccount(portal.em) });

  it('finds by number and facts, or by the facts alone, and leads on', async () => {
    for (const withNumber of [true, false]) {
      const person = await aPerson();
      const visitor = await newcomer();
      await visitor.open('/staff-id');
      const page = await visitor.send({ staffId: withNumber ? person.staffId : '', ...person.facts }, '/staff-id');
      expect(page.url.pathname).toBe('/');
      expect(page.text).toMatch(/Your Staff ID is linked.*Next: request a permission/);
      expect(page.text).toContain(`Staff Id ${person.staffId}`);
      expect((await visitor.open('/staff-id')).text).toContain('Your Staff ID is linked');
    }
  });

  it('leads back to the request that needed it, and to no place outside (WB-3)', async () => {
    const wanted = `/requests/new?application=ser-iep-form&role=iep-form&permission=iep-form-writer`;
    const person = await aPerson();
    const visitor = await newcomer();
    const page = await visitor.open(wanted);
    await visitor.open(/href="(\/staff-id\?[^"]+)"/.exec(page.html)![1]!.replaceAll('&amp;', '&'));
    await visitor.send({ staffId: '', ...person.facts }, '/staff-id');
    expect(visitor.page!.url.pathname + visitor.page!.url.search).toBe(wanted);
    for (const next of ['//evil.test', 'https://evil.test', '/\\evil.test']) {
      const another = await aPerson();
      const { location } = await (await newcomer()).post('/staff-id', { staffId: '', ...another.facts, next });
      expect(location).toBe(`${portal.origin}/?linked=1`);
    }
  });

  it('ID-1 gives one answer for every mismatch, five times a day', async () => {
    const person = await aPerson();
    const visitor = await newcomer();
    const wrong: Record<string, string>[] = [
      { ...person.facts, staffId: '1234567890' },
      { ...person.facts, lastName: 'Other' },
      { ...person.facts, birthYear: '1987' },
      { ...person.facts, staffId: story.teacher.staffId },
      { ...person.facts, firstName: 'Nobody', lastName: 'Atall' },
    ];
    const answers: string[] = [];
    for (const facts of wrong) {
      const page = await visitor.post('/staff-id', { staffId: '', ...facts });
      expect(page.status).toBe(422);
      expect(page.html).toContain(`value="${facts.lastName}"`);
      answers.push(/role="alert">(.*?)<\/div><\/div>/s.exec(page.html)![1]!);
    }
    expect(new Set(answers).size).toBe(1);
    const sixth = await visitor.post('/staff-id', { staffId: person.staffId, ...person.facts });
    expect(sixth.status).toBe(429);
    expect(sixth.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(sixth.text).toContain('Too many tries');
  });

  it('ID-2 a taken Staff ID opens a dispute that the state desk reads and closes', async () => {
    const person = await aPerson();
    const [holder, claimant] = [await newcomer(), await newcomer()];
    expect((await holder.post('/staff-id', { staffId: person.staffId, ...person.facts })).status).toBe(303);
    const taken = await claimant.post('/staff-id', { staffId: person.staffId, ...person.facts });
    expect(taken.status).toBe(409);
    expect(taken.text).toMatch(/linked to another account.*state office/);
    expect(taken.text).not.toContain('Find and link'); // nothing to do but wait
    expect((await holder.open('/staff-id')).text).toContain(person.staffId);

    const officer = await portal.signedIn(story.officer);
    expect((await officer.open('/state/disputes')).text).toContain(`Staff ID ${person.staffId}`);
    const [row] = await portal.em.execute<{ id: string }[]>('select id from link_dispute where staff_member_id = ?', [
      person.staffMemberId,
    ]);
    const nothing = await officer.post('/state/disputes', { id: row!.id, note: '' });
    expect(nothing.status).toBe(422);
    expect(nothing.html).toContain(`href="#outcome-${row!.id}"`);
    expect(nothing.html).toContain(`id="note-${row!.id}-fault"`);
    const closed = await officer.post('/state/disputes', {
      id: row!.id,
      outcome: 'holder-unlinked',
      note: 'The claimant showed a badge.',
    });
    expect([closed.status, closed.location]).toEqual([303, `${portal.origin}/state/disputes?done=closed`]);
    expect(
      (await officer.post('/state/disputes', { id: row!.id, outcome: 'holder-keeps', note: 'Again.' })).status,
    ).toBe(409);
    expect((await claimant.post('/staff-id', { staffId: person.staffId, ...person.facts })).status).toBe(303);
  });

  it('the state desk cannot close a dispute it is part of', async () => {
    const dispute = await aDispute(portal, story.officer, { accountId: await anAccount(portal.em) });
    const officer = await portal.signedIn(story.officer);
    const page = await officer.post('/state/disputes', { id: dispute, outcome: 'holder-keeps', note: 'It is me.' });
    expect(page.status).toBe(403);
    expect(page.html).toContain('It is me.');
  });
});
