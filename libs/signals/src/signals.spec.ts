import type { EntityManager } from '@mikro-orm/postgresql';
import { AccountsModule, AccountsService } from '#accounts';
import { Changes, hours, minutes, newId, seconds, sha256, systemActor } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { Deliveries, type DueSignal, SignalOutbox, Signals, SignalsModule } from './index.js';

describe('signals', () => {
  const clock = new MovableClock();
  let libs: TestLibs;
  let em: EntityManager;
  let outbox: SignalOutbox;
  beforeAll(async () => {
    libs = await startLibs([AccountsModule, SignalsModule], { clock });
    em = libs.em;
    outbox = libs.app.get(SignalOutbox);
  });
  afterAll(() => libs?.close());
  beforeEach(() => em.execute(`update signal set dead_at = now() where sent_at is null and dead_at is null`));

  const receipt = { status: 200, at: '2026-08-14T10:00:00.000Z', bodyHash: sha256('') };
  const rows = (accountId: string): Promise<{ kind: string; sid: string | null; client: string }[]> =>
    em.execute(`select kind, sid, client_id as client from signal where account_id = ? order by kind, sid`, [
      accountId,
    ]);

  /** An account that signed in at eSER in some sessions, as the issuer remembers it. */
  async function person(sids: string[], others: { permission?: boolean; client?: string } = {}): Promise<string> {
    const { permission = true, client = 'eser' } = others;
    const [name, staffMemberId] = [newId(), newId()];
    const accountId = await libs.app
      .get(AccountsService)
      .add(systemActor, { userName: name, firstName: 'Odile', lastName: 'Testman', email: `${name}@school.example` });
    await em.execute(
      `insert into staff_member (id, staff_id, first_name, last_name, name_key, created_at)
       values (?, lpad(floor(random() * 1e10)::text, 10, '1'), 'Odile', 'Testman', 'testman|odile', now())`,
      [staffMemberId],
    );
    await em.execute(`insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`, [
      newId(),
      accountId,
      staffMemberId,
    ]);
    if (permission) await give(accountId, staffMemberId);
    for (const sid of sids) await signedIn(accountId, sid, client);
    return accountId;
  }

  const give = (accountId: string, staffMemberId: string): Promise<unknown> =>
    em.execute(
      `with given as (
         insert into access_grant (id, account_id, staff_member_id, application, role, permission, level, code, system_code, given_at)
         values (?, ?, ?, 'ser', 'ser-data', 'ser-data-reader', 'site', '001005', '001', now() - interval '1 minute') returning *)
       insert into grant_version (id, grant_id, account_id, staff_member_id, application, role, permission, level, code, system_code, from_at, state, recorded_at, cause)
       select gen_random_uuid(), id, account_id, staff_member_id, application, role, permission, level, code, system_code, given_at, 'active', given_at, 'given' from given`,
      [newId(), accountId, staffMemberId],
    );

  async function signedIn(accountId: string, sid: string, client = 'eser'): Promise<void> {
    const at = new Date(clock.now().getTime() + seconds(1));
    for (const [kind, payload] of [
      ['Session', { authorizations: { [client]: { sid } } }],
      ['Grant', {}],
    ] as const)
      await em.execute(
        `insert into oidc_artifact (kind, id, payload, account_id, client_id, grant_id, uid, auth_time, expires_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          kind,
          newId(),
          JSON.stringify(payload),
          accountId,
          client,
          kind === 'Grant' ? newId() : null,
          sha256(`uid ${sid}`),
          at,
          new Date(at.getTime() + hours(12)),
        ],
      );
  }

  const announce = (...accountIds: string[]): Promise<void> =>
    em.fork().transactional(() => libs.app.get(Changes).announce(systemActor, { cause: '', accountIds, access: true }));

  it('OA-11 an account that is closed is told to the application for each session, once', async () => {
    const accountId = await person(['one', 'two']);
    await libs.app.get(AccountsService).disable(systemActor, accountId, 'Left.');
    const told = [
      { kind: 'logout', sid: 'one', client: 'eser' },
      { kind: 'logout', sid: 'two', client: 'eser' },
      { kind: 'session-revoked', sid: 'one', client: 'eser' },
      { kind: 'session-revoked', sid: 'two', client: 'eser' },
    ];
    expect(await rows(accountId)).toEqual(told);
    await announce(accountId);
    expect(await rows(accountId)).toEqual(told);
  });

  it('OA-11 the last permission ends the session there; any other change is told as a change of claims', async () => {
    const [leaver, changed] = [await person(['three'], { permission: false }), await person(['four', 'five'])];
    await announce(leaver, changed);
    expect((await rows(leaver)).map(({ kind, sid }) => [kind, sid])).toEqual([
      ['logout', 'three'],
      ['session-revoked', 'three'],
    ]);
    expect(await rows(changed)).toEqual([{ kind: 'token-claims-change', sid: null, client: 'eser' }]);
  });

  it('an application without an address, and a person without a session, cost nothing', async () => {
    const [elsewhere, nowhere] = [await person(['six'], { client: 'portal' }), await person([])];
    await announce(elsewhere, nowhere);
    expect([...(await rows(elsewhere)), ...(await rows(nowhere))]).toEqual([]);
  });

  it('OA-11 what rolls back is told to nobody', async () => {
    const accountId = await person(['seven']);
    const failing = em.fork().transactional(async () => {
      await libs.app.get(Changes).announce(systemActor, { cause: '', accountIds: [accountId] });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await rows(accountId)).toEqual([]);
  });

  it('SE-6 one session that ends is told with its own id, others of the person go on', async () => {
    const accountId = await person(['eight', 'nine']);
    await libs.app.get(Signals).sessionEnds('uid eight');
    expect((await rows(accountId)).map(({ kind, sid }) => [kind, sid])).toEqual([
      ['logout', 'eight'],
      ['session-revoked', 'eight'],
    ]);
  });

  it('R-19 eight workers take each signal once', async () => {
    const accountId = await person(['a', 'b', 'c', 'd', 'e']);
    await libs.app.get(AccountsService).disable(systemActor, accountId, 'Left.');
    const drain = async (): Promise<DueSignal[]> => {
      const taken: DueSignal[] = [];
      for (let one = await outbox.take('eser'); one; one = await outbox.take('eser')) taken.push(one);
      return taken;
    };
    const taken = (await Promise.all(Array.from({ length: 8 }, drain))).flat();
    expect(taken).toHaveLength(10);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(10);
  });

  it('R-19 a worker that dies in the middle of a try leaves the signal to the next', async () => {
    await announce(await person(['f']));
    const first = await outbox.take('eser');
    expect(await outbox.take('eser')).toBeUndefined();
    clock.advance(seconds(11));
    expect(await outbox.take('eser')).toMatchObject({ id: first!.id, attempts: 2 });
  });

  it('R-19 who does not answer is asked every 20 seconds by one signal, the others wait for it', async () => {
    const [first, second] = [await person(['g']), await person(['h'])];
    await announce(first);
    for (let round = 0; round < 40; round += 1) {
      const due = await outbox.take('eser');
      expect(due).toMatchObject({ accountId: first, attempts: round + 1 });
      expect(await outbox.failed(due!)).toBe(false);
      if (round === 3) await announce(second);
      expect(await outbox.take('eser')).toBeUndefined();
      clock.advance(seconds(20));
    }
    const probe = (await outbox.take('eser'))!;
    expect(await outbox.take('eser')).toBeUndefined();
    await outbox.confirmed(probe, receipt);
    expect(await outbox.take('eser')).toMatchObject({ accountId: second, attempts: 1 });
  });

  it('R-19 what is refused is tried again later and keeps nobody waiting', async () => {
    const [first, second] = [await person(['i']), await person(['j'])];
    await announce(first, second);
    await outbox.failed((await outbox.take('eser'))!, { ...receipt, status: 400 });
    expect(await outbox.take('eser')).toBeDefined();
    clock.advance(seconds(1));
    expect(await outbox.take('eser')).toMatchObject({ attempts: 2 });
  });

  it('R-19 it is given up after 24 hours, and the page says so', async () => {
    const since = new Date(clock.now().getTime() - minutes(1));
    const [away, reached] = [await person(['k']), await person(['l'])];
    await announce(away, reached);
    const both = [(await outbox.take('eser'))!, (await outbox.take('eser'))!];
    const confirmed = both.find(({ accountId }) => accountId === reached)!;
    const other = both.find(({ accountId }) => accountId === away)!;
    await outbox.confirmed(confirmed, receipt);
    await outbox.failed(other);
    const deliveries = libs.app.get(Deliveries);
    expect(await deliveries.of(reached, since)).toEqual([
      {
        clientId: 'eser',
        application: 'eSER',
        toldAt: confirmed.createdAt,
        confirmedAt: expect.any(Date),
        attempts: 1,
      },
    ]);
    expect(await deliveries.of(away, since)).toEqual([
      { clientId: 'eser', application: 'eSER', toldAt: other.createdAt, attempts: 1 },
    ]);
    clock.advance(minutes(6));
    expect(await outbox.late()).toEqual([{ clientId: 'eser', count: 1 }]);
    clock.advance(hours(24));
    expect(await outbox.failed((await outbox.take('eser'))!)).toBe(true);
    expect(await outbox.dueClients()).toEqual([]);
    expect(await deliveries.of(away, since)).toEqual([expect.objectContaining({ givenUpAt: expect.any(Date) })]);
  });
});
