import { GrantsService } from '#grants';
import { localDay, newId, systemActor } from '#kernel';
import { aTeacher, type TestPerson } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { type Story, tellStory } from './story.js';

const day = (after: number): string => localDay(new Date(Date.now() + after * 86_400_000));
const instant = (after: number): Date => new Date(Date.now() + after * 86_400_000);

describe('permissions of other people, through the pages', () => {
  let portal: TestPortal;
  let story: Story;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const give = (
    { accountId, staffMemberId }: TestPerson,
    {
      code = story.school,
      permission = 'iep-form-writer',
      toAt,
    }: { code?: string; permission?: string; toAt?: Date } = {},
  ): Promise<string> =>
    portal.app.get(GrantsService, { strict: false }).give(systemActor, {
      application: 'ser-iep-form',
      role: 'iep-form',
      permission,
      location: { level: 'site', code },
      systemCode: story.system,
      accountId,
      staffMemberId,
      toAt,
    });
  const effective = async ({ accountId }: TestPerson): Promise<number> =>
    (await portal.app.get(GrantsService, { strict: false }).effective(accountId, undefined, portal.clock.now())).length;
  const someone = (lastName: string): Promise<TestPerson> =>
    aTeacher(portal.em, { firstName: 'Evangeline', lastName, site: story.school });
  const pageOf = ({ staffMemberId }: TestPerson, grantId: string): string =>
    `/people/${staffMemberId}/access/${grantId}`;
  const told = async ({ accountId }: TestPerson): Promise<string[]> =>
    (
      await portal.em.execute<{ kind: string }[]>(
        `select kind from message where recipient_id = ? order by queued_at, id`,
        [accountId],
      )
    ).map(({ kind }) => kind);

  it('one permission is taken away with a reason, the others stay; the page says what was done, when and by whom', async () => {
    const person = await someone('Theriot');
    const grantId = await give(person);
    await give(person, { permission: 'iep-form-approver' });
    const coordinator = await portal.signedIn(story.coordinator);
    expect((await coordinator.open(`/people/${person.staffMemberId}`)).html).toContain(
      `href="${pageOf(person, grantId)}"`,
    );
    const bare = await coordinator.post(`${pageOf(person, grantId)}/revoke`, { reason: '' });
    expect(bare.status).toBe(422);
    expect(bare.html).toContain('href="#reason-revoke"');
    const done = await coordinator.post(`${pageOf(person, grantId)}/revoke`, { reason: 'Teaches other classes now.' });
    expect(done.headers.get('location')).toBe(`${pageOf(person, grantId)}?done=revoked`);
    expect(await effective(person)).toBe(1);
    const { text } = await coordinator.open(done.headers.get('location')!);
    for (const words of [
      'it stopped working at once',
      'Ended',
      'Taken away, by Marguerite Delahoussaye',
      'Reason: Teaches other classes now.',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('Why it is taken away');
    expect((await coordinator.open(`/people/${person.staffMemberId}`)).text).toContain('Access before');
    expect((await coordinator.post(`${pageOf(person, grantId)}/revoke`, { reason: 'Again.' })).status).toBe(409);
    expect(await told(person)).toEqual(['grants.revoked']);
  });

  it('OA-11 after a revoke the page names the applications that were told, and who confirmed', async () => {
    const person = await someone('Usey');
    const grantId = await give(person);
    const coordinator = await portal.signedIn(story.coordinator);
    await coordinator.post(`${pageOf(person, grantId)}/revoke`, { reason: 'Moved.' });
    expect((await coordinator.open(pageOf(person, grantId))).text).not.toContain('Applications that were told');
    const signal = `insert into signal (id, account_id, client_id, kind, created_at, attempts, next_attempt_at, sent_at) values (?, ?, ?, 'logout', ?, 1, now(), ?)`;
    const after = new Date(portal.clock.now().getTime() + 1000);
    await portal.em.execute(signal, [newId(), person.accountId, 'portal', after, after]);
    await portal.em.execute(signal, [newId(), person.accountId, 'eser', after, null]);
    const waiting = await coordinator.open(pageOf(person, grantId));
    expect(waiting.text).toMatch(/eSER: not confirmed yet, tried since/);
    expect(waiting.text).not.toContain('EdLink Security:');
    await portal.em.execute(`update signal set sent_at = now() where account_id = ?`, [person.accountId]);
    expect((await coordinator.open(pageOf(person, grantId))).text).toMatch(/eSER: told .*, confirmed /);
  });

  it('rests and goes on again, and goes on longer; the person is told each time', async () => {
    const person = await someone('Verdun');
    const grantId = await give(person, { toAt: instant(20) });
    const coordinator = await portal.signedIn(story.coordinator);
    const address = pageOf(person, grantId);
    expect((await coordinator.open(address)).text).toContain('Ends soon');
    expect(
      (await coordinator.post(`${address}/suspend`, { reason: 'On leave until May.' })).headers.get('location'),
    ).toBe(`${address}?done=suspended`);
    expect(await effective(person)).toBe(0);
    expect((await coordinator.open(address)).text).toContain('Suspended, by Marguerite Delahoussaye');
    expect((await coordinator.post(`${address}/suspend`, { reason: 'Twice.' })).status).toBe(409);
    expect((await coordinator.post(`${address}/resume`)).status).toBe(303);
    expect(await effective(person)).toBe(1);
    const past = await coordinator.post(`${address}/renew`, { lastDay: day(10) });
    expect(past.status).toBe(422);
    expect(past.html).toContain('href="#lastDay-renew"');
    expect((await coordinator.post(`${address}/renew`, { lastDay: 'soon' })).status).toBe(422);
    expect((await coordinator.post(`${address}/renew`, { lastDay: day(200) })).status).toBe(303);
    expect((await coordinator.open(address)).text).toContain('Goes on longer, last day');
    expect(await told(person)).toEqual(['grants.suspended', 'grants.resumed', 'grants.renewed']);
  });

  it('CO-1 one’s own is shown without a way to change it; AC-2 of others it is not there, also under a false name', async () => {
    const grantId = await give(story.coordinator);
    const coordinator = await portal.signedIn(story.coordinator);
    const own = pageOf(story.coordinator, grantId);
    const { text, html } = await coordinator.open(own);
    expect(text).toContain('somebody else decides about it');
    expect(html).not.toContain('/revoke');
    for (const [deed, fields] of [
      ['revoke', { reason: 'x' }],
      ['suspend', { reason: 'x' }],
      ['resume', {}],
    ] as [string, Record<string, string>][])
      expect((await coordinator.post(`${own}/${deed}`, fields)).status).toBe(403);
    expect((await coordinator.post(`${own}/renew`, { lastDay: day(9) })).status).toBe(403);
    const other = await portal.signedIn(story.otherCoordinator);
    const person = await someone('Webre');
    const foreign = await give(person);
    for (const address of [
      pageOf(person, foreign),
      pageOf(person, newId()),
      pageOf(story.teacher, foreign),
      `${own}x`,
    ]) {
      expect((await other.open(address)).status).toBe(404);
      expect((await other.post(`${address}/revoke`, { reason: 'x' })).status).toBe(404);
    }
    expect((await coordinator.post(`${pageOf(story.teacher, foreign)}/revoke`, { reason: 'x' })).status).toBe(404);
    expect(await effective(person)).toBe(1);
  });

  it('AC-2 one that is not there for the reader, wherever it stands in a list, lets none of them go on', async () => {
    const toAt = instant(20);
    const own = [await give(await someone('Abadie'), { toAt }), await give(await someone('Babin'), { toAt })];
    const [soon, later] = own as [string, string];
    const foreign = await give(story.stranger, { code: story.otherSchool, toAt });
    const coordinator = await portal.signedIn(story.coordinator);
    const renewed = async (): Promise<unknown[]> =>
      portal.em.execute(`select 1 from grant_version where cause = 'renewed' and grant_id in (?, ?, ?)`, [
        ...own,
        foreign,
      ]);
    for (const strange of [foreign, newId()])
      for (const grant of [[strange], [strange, soon, later], [soon, strange, later], [soon, later, strange]]) {
        const { status, text } = await coordinator.post('/people/renew', { grant, lastDay: day(90) });
        expect([status, text.includes('There is no such grant')]).toEqual([404, true]);
      }
    expect(await renewed()).toHaveLength(0);
    expect((await coordinator.post('/people/renew', { grant: own, lastDay: day(90) })).status).toBe(200);
    expect(await renewed()).toHaveLength(2);
  });

  it('what ends within 30, 60 or 90 days is ticked and goes on, each with its own result', async () => {
    const people = [await someone('Xavier'), await someone('Ybarra'), await someone('Zeno')];
    const [soon, later, never] = [
      await give(people[0]!, { toAt: instant(20) }),
      await give(people[1]!, { toAt: instant(50) }),
      await give(people[2]!),
    ];
    const coordinator = await portal.signedIn(story.coordinator);
    const listed = async (query: string): Promise<string[]> => {
      const { text } = await coordinator.open(`/people?${query}`);
      return ['Xavier', 'Ybarra', 'Zeno'].filter((name) => text.includes(name));
    };
    expect(await listed('ends=30')).toEqual(['Xavier']);
    expect(await listed('ends=60')).toEqual(['Xavier', 'Ybarra']);
    expect(await listed('ends=7')).toEqual(['Xavier', 'Ybarra', 'Zeno']);
    const { html } = await coordinator.open('/people?ends=60');
    expect(html).toContain(`value="${soon}"`);
    const send = (fields: Record<string, string | string[]>) => coordinator.post('/people/renew?ends=60', fields);
    expect((await send({ lastDay: day(30) })).html).toContain('href="#grant"');
    const noDay = await send({ grant: [soon], lastDay: '' });
    expect([noDay.status, noDay.html.includes(`value="${soon}" checked`)]).toEqual([422, true]);
    const mine = await give(story.coordinator, { permission: 'iep-form-approver', toAt: instant(20) });
    const refused = await send({ grant: [soon, mine], lastDay: day(300) });
    expect([refused.status, refused.text.includes('This is your own access')]).toEqual([403, true]);
    expect(await told(people[0]!)).toEqual([]);
    const fields = { grant: [soon, later, never], lastDay: day(40), _key: newId() };
    const first = await send(fields);
    expect(first.status).toBe(200);
    expect(first.text).toContain('1 of 3 go on through');
    expect(first.text.match(/holds until then already, or for good/g)).toHaveLength(2);
    const again = await send(fields);
    expect(again.text).toContain('1 of 3 go on through');
    expect(await told(people[0]!)).toEqual(['grants.renewed']);
    expect((await send({ grant: Array.from({ length: 101 }, () => newId()), lastDay: day(40) })).status).toBe(422);
  });
});
