import { RequestsService } from '#requests';
import { aCoordinator, aSite, aSystem, type TestCoordinator } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

describe('asking for several things in one request', () => {
  let portal: TestPortal;
  let story: Story;
  let coordinators: TestCoordinator[];
  let sites: string[];
  beforeAll(async () => {
    portal = await startPortal();
  });
  beforeEach(async () => {
    story = await tellStory(portal);
    coordinators = [];
    sites = [];
    for (const name of ['Ascension', 'Bienville', 'Caldwell', 'DeSoto']) {
      const system = await aSystem(portal.em, { name: `${name} Parish` });
      for (const at of [1, 2, 3]) sites.push(await aSite(portal.em, system, { name: `${name} School ${at}` }));
      coordinators.push(await aCoordinator(portal.em, { reach: 'system', system, lastName: name }));
    }
  });
  afterAll(() => portal?.stop());

  const address = (...parts: [string, string][]): string => `/requests/new?${new URLSearchParams(parts)}`;
  const first: [string, string][] = [
    ['application', 'ser'],
    ['role', 'ser-data'],
    ['permission', 'ser-data-writer'],
  ];
  const all = (): [string, string][] => [
    ...first,
    ['level', 'site'],
    ['code', sites[0]!],
    ['also', 'ser-iep-form:iep-form:iep-form-writer'],
    ['also', 'canopy:canopy-learning:learner'],
    ...sites.slice(1).map((code): [string, string] => ['place', `site:${code}`]),
  ];

  it('three roles at twelve sites under four coordinators: one page to check, one screen for each coordinator', async () => {
    const teacher = await portal.signedIn(story.teacher);
    const check = await teacher.open(address(...all()));
    expect(check.text).toMatch(/You ask for SER , SER Data: SER Data Writer .*At each of these 12 places/);
    expect(check.text).toContain(
      'Staff records do not show that you are employed at Ascension School 1, Ascension School 2',
    );
    for (const one of ['Ascension', 'Bienville', 'Caldwell', 'DeSoto']) {
      const names = [1, 2, 3].map((number) => `${one} School ${number}`).join(', ');
      expect(check.text).toContain(`SER Data Writer, IEP Form Writer, Learner at ${names}`);
    }
    const { hidden } = teacher.form('/requests');
    const sent = await teacher.post('/requests', {
      ...Object.fromEntries(first),
      level: 'site',
      code: sites[0]!,
      also: ['ser-iep-form:iep-form:iep-form-writer', 'canopy:canopy-learning:learner'],
      place: sites.slice(1).map((code) => `site:${code}`),
      formKey: hidden.formKey!,
    });
    expect(sent.status).toBe(303);
    const id = /[0-9a-f-]{36}/.exec(sent.location!)![0];
    const page = await teacher.open(sent.location!);
    expect(page.html.match(/edlink-box/g)).toHaveLength(4);
    expect(page.text).toMatch(/SER Data Writer in SER .*IEP Form Writer in SER IEP Form .*Learner in Canopy/);
    expect((await teacher.open('/')).text).toContain('36 permissions: Waiting for a decision');

    for (const [at, one] of coordinators.entries()) {
      const coordinator = await portal.signedIn(one);
      expect((await coordinator.open('/review')).text).toContain('One request waits for you.');
      const review = await coordinator.open(`/review/${id}`);
      expect(review.text).toMatch(/What for SER, SER IEP Form, Canopy at 3 places Besides 27 more permissions/);
      const lines = [...review.html.matchAll(/name="verdict-([0-9a-f-]{36})"/g)].map(([, line]) => line!);
      expect(new Set(lines).size).toBe(9);
      const later = Object.fromEntries([...new Set(lines)].map((line) => [`verdict-${line}`, '']));
      const answer = { version: '1', ...later, 'verdict-all': 'approve', 'reason-all': '' };
      expect(await coordinator.post(`/review/${id}`, answer)).toMatchObject({ status: 303 });
      const stands = await teacher.open(`/requests/${id}`);
      expect(stands.html.match(/>Approved</g)).toHaveLength(9 * (at + 1) + (at < 3 ? at + 1 : 1));
    }
    expect(await lineIdsOf(portal, id)).toHaveProperty('learner');
  });

  it('more places are ticked, more applications chosen; each can be left out again', async () => {
    const teacher = await portal.signedIn(story.teacher);
    const one: [string, string][] = [...first, ['level', 'site'], ['code', sites[0]!]];
    const check = await teacher.open(address(...one));
    expect(check.text).toMatch(/Ask for more places · Ask for another application/);
    expect(check.html).toContain('asked=places');

    const found = await teacher.open(address(...one, ['asked', 'places'], ['q', 'Bienville School']));
    expect(found.html).toContain(`value="site:${sites[4]!}"`);
    expect(found.html).not.toContain(`name="place" value="site:${sites[0]!}"`);
    const added = await teacher.open(address(...one, ['place', `site:${sites[4]!}`], ['asked', 'places']));
    expect(added.text).toMatch(/Chosen so far Ascension School 1 .*Leave out Ascension School 1 .*Bienville School 2/);

    const another = await teacher.open(
      address(['level', 'site'], ['code', sites[0]!], ['also', 'ser:ser-data:ser-data-writer'], ['asked', 'another']),
    );
    expect(another.text).toMatch(/SER IEP Form .*Canopy/);
    expect(another.html).not.toContain('value="ser"');
    // What stood first was left out: the next one is the wish.
    const left = await teacher.open(
      address(['level', 'site'], ['code', sites[0]!], ['also', 'ser:ser-data:ser-data-writer']),
    );
    expect(left.text).toMatch(/Check and send .*SER Data Writer/);
  });

  it('CO-9 requests ticked in the list are decided in one go, and the page says what became of each', async () => {
    const [one, two] = [
      await ask(portal, story.teacher, story.school),
      await ask(portal, story.stranger, story.school),
    ];
    const coordinator = await portal.signedIn(story.coordinator);
    const { html } = await coordinator.open('/review');
    const picks = [...html.matchAll(/name="pick" value="([^"]+)"/g)].map(([, value]) => value!);
    expect(picks).toHaveLength(2);
    expect((await coordinator.open('/review/many?q=a')).text).toContain('Decide what you ticked');
    const nothing = await coordinator.post('/review/many', { verdict: 'reject', reason: '' });
    expect(nothing.status).toBe(422);
    expect(nothing.text).toMatch(/Tick at least one request .*Write why you reject them/);

    await portal.app.get(RequestsService, { strict: false }).withdraw(story.teacher.actor, one.id);
    const page = await coordinator.post('/review/many', { pick: picks, verdict: 'approve', reason: '' });
    expect(page.text).toMatch(
      new RegExp(
        `2 of 4 decisions saved.*${one.reference} , 2 permissions: Not saved .*${two.reference} , 2 permissions: Saved`,
      ),
    );
    expect((await coordinator.open('/review')).text).toContain('Nothing waits for you.');
    const foreign = await ask(portal, story.stranger, story.otherSchool);
    const lines = Object.values(await lineIdsOf(portal, foreign.id)).join();
    expect(await coordinator.post('/review/many', { pick: `1:${lines}`, verdict: 'approve' })).toMatchObject({
      status: 404,
    });
    expect(await coordinator.post('/review/many', { pick: 'all', verdict: 'approve' })).toMatchObject({ status: 400 });
  });

  it('what the catalogue or the register does not know is not asked for', async () => {
    const teacher = await portal.signedIn(story.teacher);
    const { text } = await teacher.open(
      address(
        ...first,
        ['level', 'site'],
        ['code', sites[0]!],
        ['also', 'payroll:clerk:writer'],
        ['also', 'edlink-security:security-coordinator:state-desk'],
        ['place', 'site:ZZZ999'],
        ['place', "site:'; drop table site"],
      ),
    );
    expect(text).toMatch(/You ask for SER Data Writer Change permissions/);
  });
});
