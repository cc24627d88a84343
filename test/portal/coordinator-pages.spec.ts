import { localDay, newId, readableDate } from '#kernel';
import {
  aCoordinator,
  aSite,
  aTeacher,
  signStatement,
  type TestCoordinator,
  type TestPerson,
} from '../support/people.js';
import { type PortalVisitor, startPortal, type TestPortal } from './portal.js';
import { ask, type Story, tellStory } from './story.js';

describe('what coordinators do for themselves in the portal', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
  });
  beforeEach(async () => {
    story = await tellStory(portal);
    await aCoordinator(portal.em, {
      reach: 'system',
      system: story.system,
      firstName: 'Theo',
      lastName: 'Guidry',
    });
  });
  afterAll(() => portal?.stop());

  const day = (after: number): string => localDay(new Date(portal.clock.now().getTime() + after * 86_400_000));
  const hashOf = ({ page }: PortalVisitor): string => /name="planHash" value="(\w+)"/.exec(page!.html)?.[1] ?? 'none';

  describe('my sites', () => {
    it('shows each site, who decides there, what waits, and who else decides', async () => {
      await aCoordinator(portal.em, {
        reach: 'site',
        system: story.system,
        sites: [story.school],
        firstName: 'Bertille',
        lastName: 'Nunez',
      });
      const other = await aSite(portal.em, story.system, { name: 'Ibis Lane School' });
      await ask(portal, story.stranger, other, { permissions: ['iep-form-writer'] });
      const { text } = await (await portal.signedIn(story.coordinator)).open('/my-sites');
      expect(text).toContain('Coordinator for Bayou Vermeil Parish');
      expect(text).toMatch(/Heron Street Elementary School · \w+ Bertille Nunez Nothing/);
      expect(text).toMatch(
        /Ibis Lane School School · \w+ Marguerite Delahoussaye , Theo Guidry One request at Ibis Lane/,
      );
      expect(text).toMatch(/Who else decides here.*Theo Guidry Decides for the whole school system/);
    });

    it('CO-2 a coordinator of one school sees that school alone', async () => {
      await aSite(portal.em, story.system, { name: 'Ibis Lane School' });
      const person = await aCoordinator(portal.em, { reach: 'site', system: story.system, sites: [story.school] });
      const { text } = await (await portal.signedIn(person)).open('/my-sites');
      expect(text).toContain('Heron Street Elementary');
      expect(text).not.toContain('Ibis Lane');
    });

    it('somebody who has not signed is led to the statement', async () => {
      const person = await aCoordinator(portal.em, { reach: 'system', system: story.system, signed: false });
      const visitor = await portal.signedIn(person);
      const { text } = await visitor.open('/my-sites');
      expect(text).toContain('Until you have signed, no request waits for you');
      expect(text).toContain('Statement 1 to sign');
      expect((await visitor.open('/')).text).toContain('Sign the statement of coordinators Until you have signed');
      await visitor.open('/statement');
      expect(
        (await visitor.post('/statement', { version: visitor.form('/statement').hidden.version! })).text,
      ).toContain('Tick the box to sign');
      await visitor.open('/statement');
      await visitor.send({ agree: 'yes' }, '/statement');
      expect(visitor.page!.text).toMatch(/You have signed\. .*It holds until/);
      expect((await visitor.open('/my-sites')).text).not.toContain('Statement 1');
    });

    it.each([
      ['/my-sites?page=-5', 200],
      ['/my-sites?page=99999999999999999999', 200],
      ['/my-sites?page=x&system=nope&q=%25', 200],
      ['/my-sites?q=a&q=b', 400],
      ['/cover/new', 404],
      ['/cover/new?for=a&for=b', 400],
    ])('%s answers %i', async (path, status) => {
      expect((await (await portal.signedIn(story.coordinator)).open(path)).status).toBe(status);
    });

    it('words that changed while the page was open are read anew: 409', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      const page = await visitor.post('/statement', { version: 'of last year', agree: 'yes' });
      expect([page.status, page.text.includes('Read them again')]).toEqual([409, true]);
      expect((await visitor.post('/statement', { agree: 'yes' })).status).toBe(400);
    });
  });

  describe('standing down', () => {
    const path = (of: TestCoordinator): string => `/my-scope/${of.coordinatorId}/stand-down`;

    it('on a day to come: the coordinator goes on until then, and My sites says until when', async () => {
      const own = await aCoordinator(portal.em, { reach: 'site', system: story.system, sites: [story.school] });
      const visitor = await portal.signedIn(own);
      const lastDay = day(30);
      await visitor.open(path(own));
      await visitor.send({ reason: 'I retire.', lastDay }, path(own));
      await visitor.send({}, path(own));
      expect(visitor.page!.text).toContain('Saved. You decide until the day you named');
      const said = readableDate(new Date(`${lastDay}T18:00:00Z`));
      expect(visitor.page!.text).toMatch(new RegExp(`Coordinator for [^,]+, until ${said}`));
    });

    it('shows what would happen, then does exactly that; open work goes to the other', async () => {
      const { id } = await ask(portal, story.teacher, story.school);
      const visitor = await portal.signedIn(story.coordinator);
      await visitor.open(path(story.coordinator));
      await visitor.send({ reason: 'I retire.' }, path(story.coordinator));
      expect(visitor.page!.text).toMatch(/2 permissions in one open request/);
      expect(visitor.page!.text).toContain('Theo Guidry');
      expect(await ended(story.coordinator)).toBe(false);
      await visitor.send({}, path(story.coordinator));
      expect(visitor.page!.text).toContain('You stood down.');
      expect(await ended(story.coordinator)).toBe(true);
      const closed = await visitor.open('/review');
      expect(closed.status).toBe(403);
      expect(closed.text).toContain('It is for coordinators, and today you are none.');
      expect(closed.html).toMatch(/<main[^]*href="\/find-coordinator"[^]*href="\/"[^]*<\/main>/);

      const teacher = await portal.signedIn(story.teacher);
      expect((await teacher.open(`/requests/${id}`)).text).toMatch(
        /What happened so far .*You sent the request\..*Went to Marguerite Delahoussaye or Theo Guidry.*stands down.*Went to Theo Guidry/,
      );
    });

    it('CO-6 the last one hears what to do first, and nothing is saved', async () => {
      const last = story.otherCoordinator;
      const visitor = await portal.signedIn(last);
      await visitor.open(path(last));
      await visitor.send({ reason: 'I retire.' }, path(last));
      expect(visitor.page!.status).toBe(409);
      expect(visitor.page!.html).toContain('I retire.');
      expect(visitor.page!.html).not.toContain('planHash');
      expect(await ended(last)).toBe(false);
    });

    it('the world changed between look and click: 409 with the new plan', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      await visitor.open(path(story.coordinator));
      await visitor.send({ reason: 'I retire.' }, path(story.coordinator));
      const planHash = hashOf(visitor);
      await ask(portal, story.teacher, story.school);
      const page = await visitor.post(path(story.coordinator), { reason: 'I retire.', planHash });
      expect(page.status).toBe(409);
      expect(page.text).toContain('2 permissions in one open request');
      expect(await ended(story.coordinator)).toBe(false);
      await visitor.send({}, path(story.coordinator));
      expect(await ended(story.coordinator)).toBe(true);
    });

    it('sent twice, the second says it is over', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      await visitor.open(path(story.coordinator));
      await visitor.send({ reason: 'I retire.' }, path(story.coordinator));
      const fields = { reason: 'I retire.', planHash: hashOf(visitor) };
      const answers = [
        await visitor.post(path(story.coordinator), fields),
        await visitor.post(path(story.coordinator), fields),
      ];
      expect(answers.map(({ status }) => status)).toEqual([303, 404]);
    });

    it('faults stand beside their fields', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      const page = await visitor.post(path(story.coordinator), { lastDay: '2026-02-31', reason: '' });
      expect(page.status).toBe(422);
      expect(page.html).toContain('id="lastDay-fault"');
      expect(page.html).toContain('id="reason-fault"');
    });

    it('AC-2 an assignment of somebody else is not there, for any verb', async () => {
      const visitor = await portal.signedIn(story.otherCoordinator);
      for (const id of [story.coordinator.coordinatorId, newId(), "1' or '1'='1"]) {
        const address = `/my-scope/${encodeURIComponent(id)}/stand-down`;
        expect((await visitor.open(address)).status).toBe(404);
        expect((await visitor.post(address, { reason: 'Mine now.' })).status).toBe(404);
      }
      expect(await ended(story.coordinator)).toBe(false);
    });

    const ended = async ({ coordinatorId }: TestCoordinator): Promise<boolean> =>
      (
        await portal.em.execute<unknown[]>('select 1 from coordinator where id = ? and ended_at is not null', [
          coordinatorId,
        ])
      ).length > 0;
  });

  describe('cover', () => {
    let helper: TestPerson;
    beforeEach(async () => {
      helper = await aTeacher(portal.em, { firstName: 'Ana', lastName: 'Ruizdam', site: story.school });
      await signStatement(portal.em, helper.staffMemberId);
    });

    const step = (person?: string): string =>
      `/cover/new?${new URLSearchParams({ for: story.coordinator.coordinatorId, ...(person && { person }) })}`;
    const days = (): { fromDay: string; lastDay: string } => ({ fromDay: day(0), lastDay: day(10) });

    async function named(visitor: PortalVisitor): Promise<void> {
      await visitor.open(step(helper.staffMemberId));
      await visitor.send(days(), '/cover');
      await visitor.send({}, '/cover');
    }

    it('names somebody found by name, for days; open work goes to them, and comes back when it ends', async () => {
      const { id } = await ask(portal, story.teacher, story.school);
      const visitor = await portal.signedIn(story.coordinator);
      expect((await visitor.open('/cover')).text).toContain('Nobody. Name somebody before you are away');
      const found = await visitor.open(`${step()}&q=ruizdam`);
      expect(found.text).toContain('1 person found');
      expect(found.html).toContain(helper.staffMemberId);
      await visitor.open(step(helper.staffMemberId));
      await visitor.send(days(), '/cover');
      expect(visitor.page!.text).toMatch(/Ana Ruizdam decides in your place as coordinator for Bayou Vermeil Parish/);
      expect(visitor.page!.text).toMatch(/2 permissions in one open request/);
      await visitor.send({}, '/cover');
      expect(visitor.page!.text).toMatch(/The cover is named.*Ana Ruizdam decides in your place from/);

      const cover = await portal.signedIn(helper);
      expect((await cover.open('/cover')).text).toContain('You decide in place of Marguerite Delahoussaye');
      const teacher = await portal.signedIn(story.teacher);
      expect((await teacher.open(`/requests/${id}`)).text).toContain(
        'Ana Ruizdam (in place of Marguerite Delahoussaye , who is away until',
      );

      await visitor.open('/cover');
      const end = /action="(\/cover\/[^"]+\/end)"/.exec(visitor.page!.html)![1]!;
      await visitor.send({}, end);
      expect(visitor.page!.text).toContain('The cover has ended');
      expect((await visitor.post(end)).status).toBe(404);
      expect((await teacher.open(`/requests/${id}`)).text).toMatch(
        /Who decides, and why .*Marguerite Delahoussaye , Theo Guidry.*no longer stands in for/,
      );
    });

    it('days that cross, a past day and too many days are refused with words', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      const fields = { for: story.coordinator.coordinatorId, person: helper.staffMemberId };
      const tries: [string, string, number][] = [
        [day(5), day(1), 409],
        [day(-9), day(1), 409],
        [day(0), day(400), 409],
        ['', '', 422],
        ['2026-13-01', '9999-99-99', 422],
      ];
      for (const [fromDay, lastDay, status] of tries) {
        const page = await visitor.post('/cover', { ...fields, fromDay, lastDay });
        expect([fromDay, lastDay, page.status]).toEqual([fromDay, lastDay, status]);
        expect(page.html).not.toContain('planHash');
      }
      expect(
        await portal.em.execute('select 1 from coordinator_cover where staff_member_id = ?', [helper.staffMemberId]),
      ).toEqual([]);
    });

    it('a person who is none is looked for again', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      for (const person of ['x', newId()])
        expect((await visitor.open(step(person))).text).toContain('Who covers for you?');
      const fields = { for: story.coordinator.coordinatorId, person: newId(), ...days() };
      expect((await visitor.post('/cover', fields)).status).toBe(404);
    });

    it('AC-3 a stranger of another system cannot be named, nor looked up', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      const looked = await visitor.open(step(story.stranger.staffMemberId));
      expect(looked.text).toContain('Who covers for you?');
      expect(looked.text).not.toContain('Brasseaux');
      expect((await visitor.open(`${step()}&q=brasseaux`)).text).toContain('Nobody found');
      const page = await visitor.post('/cover', {
        for: story.coordinator.coordinatorId,
        person: story.stranger.staffMemberId,
        ...days(),
      });
      expect([page.status, page.text.includes('Brasseaux')]).toEqual([404, false]);
    });

    it('AC-2 assignments and covers of others are not there', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      await named(visitor);
      const end = /action="(\/cover\/[^"]+\/end)"/.exec(visitor.page!.html)![1]!;
      const other = await portal.signedIn(story.otherCoordinator);
      expect((await other.open(step())).status).toBe(404);
      expect(
        (await other.post('/cover', { for: story.coordinator.coordinatorId, person: helper.staffMemberId })).status,
      ).toBe(404);
      expect((await other.post(end)).status).toBe(404);
      expect((await other.post(`/cover/${newId()}/end`)).status).toBe(404);
      expect((await visitor.open('/cover')).text).toContain('Ana Ruizdam decides in your place');
    });

    it('sent twice at once, one cover is named', async () => {
      const visitor = await portal.signedIn(story.coordinator);
      await visitor.open(step(helper.staffMemberId));
      await visitor.send(days(), '/cover');
      const fields = {
        for: story.coordinator.coordinatorId,
        person: helper.staffMemberId,
        ...days(),
        planHash: hashOf(visitor),
      };
      const answers = await Promise.all([visitor.post('/cover', fields), visitor.post('/cover', fields)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(
        await portal.em.execute('select 1 from coordinator_cover where staff_member_id = ?', [helper.staffMemberId]),
      ).toHaveLength(1);
    });
  });
});
