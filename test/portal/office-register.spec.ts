import { SitesService } from '#sites';
import { aCoordinator } from '../support/people.js';
import { aDisagreement, type Bend, type OfficeStory, previewRegister, tellOfficeStory } from './office-story.js';
import { type PortalVisitor, startPortal, type TestPortal } from './portal.js';

describe('the register in the portal of the state office', () => {
  let portal: TestPortal;
  let story: OfficeStory;
  let officer: PortalVisitor;
  let colleague: PortalVisitor;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellOfficeStory(portal);
    officer = await portal.signedIn(story.officer);
    colleague = await portal.signedIn(story.colleague);
  });
  afterAll(() => portal?.stop());

  const planHash = (html: string): string => /name="planHash" value="([0-9a-f]+)"/.exec(html)![1]!;
  const sites = (): SitesService => portal.app.get(SitesService, { strict: false });
  const nameOf = async (code: string): Promise<string> => (await sites().place({ level: 'site', code })).name;

  const preview = (bend: Bend): Promise<string> => previewRegister(portal, story, bend);

  /** Renames the site of that code. */
  const renamed =
    (code: string, name: string): Bend =>
    (rows) =>
      rows.map((row) => (row[3] === code ? row.with(4, name) : row));

  it('IM-3 a file is looked at with what hangs on each place, and applied by row and whole', async () => {
    const [first, second] = [story.schools[0]!, story.schools[4]!];
    const id = await preview((rows) =>
      renamed(second, 'Pelican Bay Elementary')(renamed(first, 'Egret Street Elementary')(rows)),
    );
    expect((await officer.open('/state')).text).toContain('1 register file to apply');
    expect((await officer.open('/state/register')).text).toContain('2 sites renamed');
    const page = await officer.open(`/state/register/${id}`);
    for (const words of [
      'was called "Heron Street Elementary"',
      '2 people employed, 2 permissions asked for',
      'An operator',
    ])
      expect(page.text).toContain(words);
    expect((await officer.open(`/state/register/${id}?deed=gone`)).text).toContain('Nothing of this kind');

    const none = await officer.post(`/state/register/${id}/apply`, { only: 'x' });
    expect([none.status, none.text]).toEqual([422, expect.stringContaining('Choose at least one row')]);
    const unticked = await officer.post(`/state/register/${id}/apply`, { rows: 'chosen' });
    expect([unticked.status, unticked.text]).toEqual([422, expect.stringContaining('Choose at least one row')]);
    const only = `site:${first}`;
    const plan = await officer.post(`/state/register/${id}/apply`, { only });
    expect([plan.status, plan.text]).toEqual([200, expect.stringContaining('Applies 1 of the 2 rows')]);
    expect(await nameOf(first)).toBe('Heron Street Elementary');
    const applied = await officer.post(`/state/register/${id}/apply`, { only, planHash: planHash(plan.html) });
    expect([applied.status, applied.location]).toEqual([303, `${portal.origin}/state/register/${id}?done=saved`]);
    expect([await nameOf(first), await nameOf(second)]).toEqual([
      'Egret Street Elementary',
      'Pelican Point Elementary',
    ]);

    const rest = await officer.post(`/state/register/${id}/apply`);
    const confirmed = { planHash: planHash(rest.html) };
    expect((await officer.post(`/state/register/${id}/apply`, confirmed)).status).toBe(303);
    expect(await nameOf(second)).toBe('Pelican Bay Elementary');
    const again = await officer.post(`/state/register/${id}/apply`, confirmed);
    expect([again.status, again.text]).toEqual([409, expect.stringContaining('This register change is done with')]);
    expect((await officer.open(`/state/places/site/${second}`)).text).toContain('Pelican Bay Elementary');
  });

  it('IM-5 closing many sites takes two people of the office; the same one twice is one', async () => {
    const gone = story.schools.slice(6, 9);
    const id = await preview((rows) => rows.filter((row) => !gone.includes(row[3]!)));
    const address = `/state/register/${id}`;
    expect((await officer.open(address)).text).toContain('Two people have to confirm this');
    const plan = await officer.post(`${address}/apply`);
    expect(plan.status).toBe(200);
    expect((await officer.post(`${address}/apply`, { planHash: planHash(plan.html) })).status).toBe(303);
    const waiting = await officer.open(address);
    for (const words of ['Waits for a second person', 'Philippa Okafor', 'You have confirmed it'])
      expect(waiting.text).toContain(words);
    expect(waiting.html).not.toContain('See what all of it changes');
    const twice = await officer.post(`${address}/apply`);
    expect([twice.status, twice.text]).toEqual([409, expect.stringContaining('A second person is needed')]);
    expect((await sites().place({ level: 'site', code: gone[0]! })).open).toBe(true);

    const second = await colleague.post(`${address}/apply`);
    expect(second.status).toBe(200);
    const both = await Promise.all(
      [colleague, officer].map((one) => one.post(`${address}/apply`, { planHash: planHash(second.html) })),
    );
    expect(both.map(({ status }) => status)).toEqual([303, 409]);
    expect((await sites().place({ level: 'site', code: gone[0]! })).open).toBe(false);
    expect((await colleague.open(address)).text).toContain('3 places');
  });

  it('IM-5 a file looked at before the register moved on is planned anew, and can be dropped', async () => {
    const code = story.schools[1]!;
    const id = await preview(renamed(code, 'Cypress Bend Academy'));
    const other = await preview(renamed(code, 'Cypress Bend Magnet'));
    const plan = await officer.post(`/state/register/${id}/apply`);
    const ahead = await colleague.post(`/state/register/${other}/apply`);
    const saved = await colleague.post(`/state/register/${other}/apply`, { planHash: planHash(ahead.html) });
    expect(saved.status).toBe(303);
    const stale = await officer.post(`/state/register/${id}/apply`, { planHash: planHash(plan.html) });
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining('The register has changed since')]);
    expect(await nameOf(code)).toBe('Cypress Bend Magnet');
    expect((await officer.open(`/state/register/${id}`)).text).toContain('Plan it anew');
    expect((await officer.post(`/state/register/${id}/refresh`)).status).toBe(303);
    expect((await officer.open(`/state/register/${id}`)).text).toContain('was called "Cypress Bend Magnet"');
    expect((await officer.post(`/state/register/${id}/drop`)).status).toBe(303);
    expect((await officer.post(`/state/register/${id}/drop`)).status).toBe(409);
    expect((await officer.open('/state/register')).text).toContain('Dropped');
  });

  it('CO-4, IM-3 without the statement in force nothing is planned anew or dropped', async () => {
    const id = await preview(renamed(story.schools[2]!, 'Larkspur Lane Elementary'));
    const unsigned = await portal.signedIn(await aCoordinator(portal.em, { reach: 'state', signed: false }));
    for (const deed of ['refresh', 'drop', 'apply']) {
      const answer = await unsigned.post(`/state/register/${id}/${deed}`);
      expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('confidentiality statement')]);
    }
    expect((await officer.post(`/state/register/${id}/drop`)).status).toBe(303);
  });

  it('AC-5 where sources disagree on a parent, the office says who is right', async () => {
    const [code, other] = [story.schools[5]!, story.schools[3]!];
    const [id, kept] = [await aDisagreement(portal, story, code), await aDisagreement(portal, story, other)];
    expect((await officer.open('/state')).text).toContain('2 places sources disagree on');
    const page = await officer.open('/state/disagreements');
    for (const words of [
      '2 places',
      'Belongs to, in the register',
      `Bayou Vermeil Parish (${story.system})`,
      'Bayou Vista Elementary',
    ])
      expect(page.text).toContain(words);
    const faulty = await officer.post('/state/disagreements', { id, effectiveDay: '2026-02-30' });
    expect(faulty.status).toBe(422);
    for (const piece of [`href="#outcome-${id}"`, `id="effectiveDay-${id}-fault"`])
      expect(faulty.html).toContain(piece);

    const settle = { id, outcome: 'source', note: 'The parish wrote so.', effectiveDay: '' };
    const answers = await Promise.all([officer, colleague].map((one) => one.post('/state/disagreements', settle)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect((await sites().place({ level: 'site', code })).system.code).toBe(story.vacant);
    const register = { id: kept, outcome: 'register' };
    expect((await officer.post('/state/disagreements', register)).status).toBe(303);
    expect((await sites().place({ level: 'site', code: other })).system.code).toBe(story.system);
    expect((await officer.open('/state/disagreements')).text).toContain('All sources agree with the register');
    const settled = (await officer.open('/state/disagreements?settled=yes')).text;
    for (const words of ['the source was right. The parish wrote so.', 'the register holds'])
      expect(settled).toContain(words);
  });
});
