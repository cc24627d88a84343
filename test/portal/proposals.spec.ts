import { newId } from '#kernel';
import { aDutyHolder, approvedBy } from '../support/duties.js';
import { aStaffMember } from '../support/people.js';
import { type PortalVisitor, startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

describe('requests entered for others, and approval in steps, in the portal', () => {
  let portal: TestPortal;
  let story: Story;
  let coordinator: PortalVisitor;
  let teacher: PortalVisitor;
  let officer: PortalVisitor;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    coordinator = await portal.signedIn(story.coordinator);
    teacher = await portal.signedIn(story.teacher);
    officer = await portal.signedIn(story.officer);
  });
  afterAll(() => portal?.stop());

  const form = (others: Record<string, string | string[]> = {}): Record<string, string | string[]> => ({
    staffId: story.teacher.staffId,
    permission: ['ser-iep-form:iep-form:iep-form-writer', 'ser:ser-data:ser-data-reader'],
    place: [`site:${story.school}`],
    why: 'Starts on Monday.',
    formKey: newId(),
    ...others,
  });
  const idOf = (location?: string): string => /\/proposals\/([0-9a-f-]{36})/.exec(location ?? '')![1]!;

  it('CO-1 a coordinator enters, the person confirms, and the state office decides', async () => {
    expect((await coordinator.open('/people')).html).toContain('href="/proposals"');
    expect((await coordinator.open('/proposals')).text).toContain('Nothing yet.');
    for (const wrong of ['', '12'])
      expect((await coordinator.open(`/proposals/new?staffId=${wrong}`)).text).toMatch(
        /needs your attention A Staff ID has 10 digits .*What you entered/,
      );
    const page = await coordinator.open(`/proposals/new?staffId=${story.teacher.staffId}`);
    expect(page.text).toMatch(/For Odessa Thibeaux , Staff ID \d{10}/);
    expect(page.text).toMatch(/Heron Street Elementary.*Bayou Vermeil Parish/s);
    const sent = await coordinator.post('/proposals', form());
    expect([sent.status, sent.location]).toEqual([
      303,
      expect.stringMatching(/\/proposals\/[0-9a-f-]+\?done=entered$/),
    ]);
    const id = idOf(sent.location);
    expect((await coordinator.open(`/proposals/${id}`)).text).toContain('Waits for the person');

    const home = await teacher.open('/');
    expect(home.text).toContain('A request was entered for you: please confirm');
    expect(home.html).toContain(`href="/proposals/${id}"`);
    const shown = await teacher.open(`/proposals/${id}`);
    expect(shown.text).toContain('Marguerite Delahoussaye , a security coordinator, entered this for you.');
    expect(shown.text).toContain('Whoever entered it, or approved an earlier step, does not decide it.');
    expect(shown.text).toContain('Philippa Okafor');
    const confirmed = await teacher.post(`/proposals/${id}/confirm`, { mayNarrow: 'yes' });
    expect([confirmed.status, confirmed.location]).toEqual([
      303,
      expect.stringMatching(/\/requests\/[0-9a-f-]+\?done=sent$/),
    ]);
    const requestId = /requests\/([0-9a-f-]+)/.exec(confirmed.location!)![1]!;
    expect((await teacher.open(`/requests/${requestId}`)).text).toContain('Marguerite Delahoussaye');
    expect((await coordinator.open('/review')).html).not.toContain(requestId);
    expect((await officer.open('/review')).html).toContain(requestId);
    expect((await coordinator.open(`/proposals/${id}`)).text).toContain('Confirmed');
    expect((await teacher.post(`/proposals/${id}/decline`, { reason: '' })).status).toBe(409);
    const [row] = await portal.em.execute<{ entered_by: string; may_narrow: boolean }[]>(
      `select entered_by, may_narrow from permission_request where id = ?`,
      [requestId],
    );
    expect(row).toEqual({ entered_by: story.coordinator.staffMemberId, may_narrow: true });
  });

  it('declined, taken back, and what is wrong beside its field', async () => {
    const first = idOf(
      (await coordinator.post('/proposals', form({ permission: ['canopy:canopy-learning:learner'] }))).location,
    );
    const declined = await teacher.post(`/proposals/${first}/decline`, { reason: 'I have it in another place.' });
    expect(declined.location).toContain('done=declined');
    expect((await coordinator.open(`/proposals/${first}`)).text).toContain('I have it in another place.');
    const second = idOf(
      (await coordinator.post('/proposals', form({ permission: ['canopy:canopy-learning:learner'] }))).location,
    );
    expect((await teacher.post(`/proposals/${second}/withdraw`, {})).status).toBe(403);
    expect((await coordinator.post(`/proposals/${second}/withdraw`, {})).location).toContain('done=withdrawn');
    expect((await teacher.open('/')).text).not.toContain('A request was entered for you');

    const faulty = await coordinator.post('/proposals', form({ permission: [], place: [], until: 'soon' }));
    expect(faulty.status).toBe(422);
    for (const words of [
      'Tick what the person needs',
      'Tick where the person needs it',
      'Choose the last day as a date',
    ])
      expect(faulty.text).toContain(words);
    const far = await coordinator.post('/proposals', form({ place: [`site:${story.otherSchool}`] }));
    expect([far.status, far.text]).toEqual([422, expect.stringContaining('for places where you decide')]);
  });

  it('nobody else finds an entry, and a Staff ID from elsewhere tells nothing', async () => {
    const id = idOf(
      (await coordinator.post('/proposals', form({ permission: ['canopy:canopy-learning:learner'] }))).location,
    );
    const other = await portal.signedIn(story.otherCoordinator);
    for (const visitor of [other, officer]) {
      expect((await visitor.open(`/proposals/${id}`)).status).toBe(404);
      expect((await visitor.post(`/proposals/${id}/confirm`, {})).status).toBe(404);
      expect((await visitor.post(`/proposals/${id}/withdraw`, {})).status).toBe(404);
    }
    const unknown = await other.open('/proposals/new?staffId=0000000000');
    const elsewhere = await other.open(`/proposals/new?staffId=${story.teacher.staffId}`);
    expect([unknown.status, elsewhere.status]).toEqual([422, 422]);
    expect(elsewhere.text).not.toContain('Thibeaux');
    const plain = (text: string): string => text.replace(/reference: \w+/, '');
    expect(plain(elsewhere.text)).toBe(plain(unknown.text));
    await coordinator.post(`/proposals/${id}/withdraw`, {});
  });

  it('the head and the state office name and end a supervisor, who approves first and then sees the rest', async () => {
    const head = await portal.signedIn(story.head);
    const hire = await aStaffMember(portal.em, { firstName: 'Noa', lastName: 'Guidry' });
    const named = await head.post('/duties', {
      duty: 'special-education-supervisor',
      staffId: hire.staffId,
      system: story.system,
    });
    expect([named.status, named.location]).toEqual([303, expect.stringContaining('/duties?done=named')]);
    expect((await head.open('/duties')).text).toMatch(
      /Noa Guidry , Special Education Supervisor of Bayou Vermeil Parish/,
    );
    const foreign = await head.post('/duties', {
      duty: 'application-owner',
      staffId: hire.staffId,
      application: 'ser',
    });
    expect(foreign.status).toBe(403);
    // Where the head may name nobody, a number that is nobody's is refused in the same words (AC-2).
    const nobody = await head.post('/duties', {
      duty: 'application-owner',
      staffId: '0000000000',
      application: 'ser',
    });
    const plain = (text: string): string => text.replace(/reference: \w+/, '');
    expect([nobody.status, plain(nobody.text)]).toEqual([403, plain(foreign.text)]);
    const mistyped = await head.post('/duties', {
      duty: 'special-education-supervisor',
      staffId: '0000000000',
      system: story.system,
    });
    expect([mistyped.status, mistyped.text]).toEqual([422, expect.stringContaining('Nobody has this Staff ID')]);
    const owner = await officer.post('/duties', {
      duty: 'application-owner',
      staffId: hire.staffId,
      application: 'ser',
    });
    expect(owner.status).toBe(303);
    expect((await officer.open('/duties')).text).toContain('application owner of SER');
    const faulty = await officer.post('/duties', { duty: 'application-owner', staffId: '12', lastDay: 'x' });
    expect([faulty.status, faulty.text]).toEqual([422, expect.stringContaining('A Staff ID has 10 digits')]);
    const [{ id }] = (await portal.em.execute(`select id from duty_holder where system_code = ?`, [story.system])) as [
      { id: string },
    ];
    expect((await head.post(`/duties/${id}/end`, { reason: '' })).text).toContain('Write why');
    expect((await head.post(`/duties/${id}/end`, { reason: 'Another person does it.' })).location).toContain(
      'done=ended',
    );
    expect((await head.open('/duties')).text).toContain('Another person does it.');
    expect((await teacher.open('/duties')).status).toBe(403);

    approvedBy(portal.app, 'canopy', 'special-education-supervisor', 'coordinator');
    const person = await aDutyHolder(portal.em, { system: story.system });
    const supervisor = await portal.signedIn(person);
    expect((await supervisor.open('/')).html).toContain('href="/review"');
    expect((await supervisor.open('/people')).status).toBe(403);
    const { id: requestId } = await ask(portal, story.teacher, story.school, {
      application: 'canopy',
      role: 'canopy-learning',
      permissions: ['learner'],
    });
    const page = await supervisor.open(`/review/${requestId}`);
    expect(page.text).toContain(
      '1 of 2, Special Education Supervisor: decides now; 2 of 2, Security Coordinator: decides after that',
    );
    const { learner: lineId } = await lineIdsOf(portal, requestId);
    const decided = await supervisor.post(`/review/${requestId}`, { version: '1', [`verdict-${lineId}`]: 'approve' });
    expect(decided.status).toBe(303);
    expect((await supervisor.open(decided.location!.replace(portal.origin, ''))).status).toBe(200);
    const after = await supervisor.open(`/review/${requestId}`);
    expect(after.text).toContain('Vera Mouton (Special Education Supervisor) approved step 1 of 2: Learner.');
    expect(after.html).not.toContain(`verdict-${lineId}`);
    const theirs = await coordinator.open(`/review/${requestId}`);
    expect(theirs.html).toContain(`verdict-${lineId}`);
    approvedBy(portal.app, 'canopy', 'coordinator');
  });
});
