import type { EntityManager } from '@mikro-orm/postgresql';
import { type Change, Changes, days, newId, type SignedIn } from '#kernel';
import type { Settings } from '#settings';
import { MovableClock } from '../../../test/support/clock.js';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { anAccount } from '../../../test/support/people.js';
import { nameKey, StaffModule, StaffService, type StaffClaim } from './index.js';
import { birthHash } from './staff-facts.js';

/** A number as letters, for names that differ: 27 is `bb`. */
const lettersOf = (number: number): string =>
  [...number.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');

describe('linking an account to a Staff ID', () => {
  let libs: TestLibs;
  let em: EntityManager;
  let staff: StaffService;
  let settings: Settings;
  const clock = new MovableClock();
  let count = 0;

  beforeAll(async () => {
    libs = await startLibs([StaffModule], { clock });
    em = libs.em;
    staff = libs.app.get(StaffService);
    settings = libs.settings;
  });
  afterAll(() => libs?.close());
  afterEach(async () => expect(await brokenInvariants(libs.em)).toEqual([]));

  /** Somebody on record, and the facts that find them. */
  async function onRecord({
    firstName = 'Odile',
    lastName = `Robichaux ${lettersOf(++count)}`,
    birthDate = '1984-02-29',
  } = {}) {
    const id = newId();
    const staffId = String(4_000_000_000 + ++count);
    await em.execute(
      `insert into staff_member (id, staff_id, first_name, last_name, name_key, birth_hash, created_at) values (?, ?, ?, ?, ?, ?, now())`,
      [id, staffId, firstName, lastName, nameKey(lastName, firstName), birthHash(settings.IDENTITY_SECRET, birthDate)],
    );
    return { id, staffId, facts: { firstName, lastName, birthDate } satisfies StaffClaim };
  }
  /** Somebody signed in, at an address of their own. */
  async function visitor(address = `198.51.${Math.floor(++count / 250)}.${count % 250}`): Promise<SignedIn> {
    return { accountId: await anAccount(em), client: 'portal', address };
  }
  const failureOf = (work: Promise<unknown>): Promise<{ code: string; status: number; detail: string }> =>
    work.then(
      () => {
        throw new Error('it went through');
      },
      (problem: { code: string; status: number; detail: string }) => problem,
    );
  const refusals = (actor: SignedIn) =>
    em.execute<{ action: string; reason: string; target: string }[]>(
      `select action, reason, target from audit_entry where account_id = ? and result = 'refused' order by id`,
      [actor.accountId],
    );

  it('ID-1 finds by number, name and birth date, or by name and birth date alone, however the name is written', async () => {
    for (const [lastName, typed] of [
      ["O'Neal-Smith", 'oneal smith'],
      ['De La Croix', 'DELACROIX'],
      ['Thériot', 'Theriot'],
    ] as const) {
      const one = await onRecord({ lastName });
      const actor = await visitor();
      expect(
        await staff.link(actor, {
          ...one.facts,
          lastName: typed,
          ...(typed === 'Theriot' && { staffId: one.staffId }),
        }),
      ).toMatchObject({ id: one.id, staffId: one.staffId });
      expect(await staff.memberOf(actor.accountId)).toMatchObject({ staffId: one.staffId });
      expect(await staff.accountsOf([one.id])).toEqual(new Map([[one.id, actor.accountId]]));
      expect(await em.execute(`select kind from message where recipient_id = ?`, [actor.accountId])).toEqual([
        { kind: 'staff.linked' },
      ]);
      expect(
        await em.execute(`select 1 from audit_entry where action = 'staff.link' and result = 'done' and target = ?`, [
          `staff-member:${one.id}`,
        ]),
      ).toHaveLength(1);
    }
  });

  it('ID-1 one neutral answer for every mismatch, each audited', async () => {
    const one = await onRecord();
    const other = await onRecord();
    await onRecord({ firstName: 'Ann', lastName: 'Twice', birthDate: '1990-01-01' });
    await onRecord({ firstName: 'Ann', lastName: 'Twice', birthDate: '1990-01-01' });
    const claims: StaffClaim[] = [
      { ...one.facts, staffId: '9999999999' },
      { ...one.facts, staffId: one.staffId.slice(1) },
      { ...one.facts, staffId: other.staffId },
      { ...one.facts, birthDate: '1984-03-01' },
      { ...one.facts, firstName: 'Marie', staffId: one.staffId },
      { firstName: 'Ann', lastName: 'Twice', birthDate: '1990-01-01' },
      { ...one.facts, birthDate: 'yesterday' },
      { ...one.facts, lastName: '|' },
      { ...one.facts, lastName: 'x'.repeat(1_000_000) },
      { ...one.facts, firstName: '' },
    ];
    const answers = new Set<string>();
    for (const claim of claims) {
      const actor = await visitor();
      const { code, status, detail } = await failureOf(staff.link(actor, claim));
      answers.add(JSON.stringify([code, status, detail]));
      expect(await refusals(actor)).toEqual([
        { action: 'staff.link', reason: 'staff.not-matched', target: expect.any(String) },
      ]);
      expect(await staff.memberOf(actor.accountId)).toBeUndefined();
    }
    expect([...answers]).toEqual([expect.stringContaining('staff.not-matched')]);
  });

  it('ID-1 five tries an account a day, then not even the right facts; the next day again', async () => {
    const one = await onRecord();
    const actor = await visitor();
    for (let guess = 0; guess < 5; guess++)
      expect((await failureOf(staff.link(actor, { ...one.facts, birthDate: `19${60 + guess}-01-01` }))).code).toBe(
        'staff.not-matched',
      );
    for (let guess = 0; guess < 20; guess++) {
      const refused = await failureOf(staff.link(actor, { ...one.facts, birthDate: `19${70 + guess}-01-01` }));
      expect(refused).toMatchObject({ code: 'staff.too-many-tries', status: 429, retryAfter: expect.any(Number) });
    }
    expect((await failureOf(staff.link(actor, one.facts))).code).toBe('staff.too-many-tries');
    expect(await refusals(actor)).toHaveLength(26);
    clock.advance(days(1) + 1000);
    expect(await staff.link(actor, one.facts)).toMatchObject({ id: one.id });
    clock.advance(-days(1) - 1000);
  });

  it('ID-1 twenty failed tries a source a day, whatever way its address is written; tries that succeed do not count for it', async () => {
    const ways = ['2001:db8:9:1::1', '2001:DB8:9:1:0:0:0:2', '2001:db8:0009:0001:ffff::3'];
    for (let guess = 0; guess < 8; guess++) await staff.link(await visitor(ways[guess % 3]), (await onRecord()).facts);
    const one = await onRecord();
    for (let guess = 0; guess < 20; guess++) {
      expect(
        (
          await failureOf(
            staff.link(await visitor(ways[guess % 3]), { ...one.facts, birthDate: `19${60 + guess}-01-01` }),
          )
        ).code,
      ).toBe('staff.not-matched');
    }
    expect((await failureOf(staff.link(await visitor('2001:db8:9:1::ffff'), one.facts))).code).toBe(
      'staff.too-many-tries',
    );
    expect(await staff.link(await visitor('2001:db8:9:2::1'), one.facts)).toMatchObject({ id: one.id });
  });

  it('LK-3 50 parallel tries of one account: at most five are looked at', async () => {
    const one = await onRecord();
    const actor = await visitor();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, guess) =>
        failureOf(staff.link(actor, { ...one.facts, birthDate: `19${10 + guess}-01-01` })),
      ),
    );
    expect(answers.filter(({ code }) => code === 'staff.not-matched')).toHaveLength(5);
    expect(answers.filter(({ code }) => code === 'staff.too-many-tries')).toHaveLength(45);
  });

  it('ID-2 eight parallel links of one id from eight accounts: one wins, the others open a dispute, the holder is told once', async () => {
    for (let round = 0; round < 10; round++) {
      const one = await onRecord();
      const actors = await Promise.all(Array.from({ length: 8 }, () => visitor()));
      const results = await Promise.allSettled(actors.map((actor) => staff.link(actor, one.facts)));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'staff.taken', status: 409 });
      expect(
        await em.execute(`select 1 from staff_link where staff_member_id = ? and ended_at is null`, [one.id]),
      ).toHaveLength(1);
      const winner = actors[results.findIndex(({ status }) => status === 'fulfilled')]!;
      expect((await staff.disputes()).filter(({ member }) => member.id === one.id)).toHaveLength(7);
      expect(
        (await staff.disputes()).every(
          (dispute) => dispute.member.id !== one.id || dispute.holderAccountId === winner.accountId,
        ),
      ).toBe(true);
      expect(
        await em.execute(`select kind from message where recipient_id = ? order by kind`, [winner.accountId]),
      ).toEqual([{ kind: 'staff.dispute-opened' }, { kind: 'staff.linked' }]);
    }
  });

  it('ID-2 one account takes one id: eight ids in parallel, one link; the same claim again is the same answer', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => onRecord()));
    const actor = await visitor();
    const results = await Promise.allSettled(people.map(({ facts }) => staff.link(actor, facts)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'staff.already-linked', status: 409 });

    const one = await onRecord();
    const twice = await visitor();
    const same = await Promise.all([
      staff.link(twice, one.facts),
      staff.link(twice, one.facts),
      staff.link(twice, one.facts),
    ]);
    expect(same.map(({ id }) => id)).toEqual([one.id, one.id, one.id]);
    expect(await em.execute(`select 1 from staff_link where account_id = ?`, [twice.accountId])).toHaveLength(1);
  });

  it('ID-2 a taken id never moves; the desk closes the dispute, once, and not by one of the two', async () => {
    const one = await onRecord();
    const [holder, claimant, desk] = [await visitor(), await visitor(), await visitor()];
    await staff.link(holder, one.facts);
    expect((await failureOf(staff.link(claimant, one.facts))).code).toBe('staff.taken');
    expect((await failureOf(staff.link(claimant, one.facts))).code).toBe('staff.taken');
    const open = (await staff.disputes()).filter(({ member }) => member.id === one.id);
    expect(open).toHaveLength(1);
    const decision = { outcome: 'holder-keeps', note: 'Spoke with both schools.' } as const;
    for (const party of [holder, claimant])
      expect((await failureOf(staff.closeDispute(party, open[0]!.id, decision))).code).toBe('staff.own-dispute');
    expect((await failureOf(staff.closeDispute(desk, newId(), decision))).code).toBe('staff.unknown-dispute');

    const closings = await Promise.allSettled(
      Array.from({ length: 4 }, () => staff.closeDispute(desk, open[0]!.id, decision)),
    );
    expect(closings.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const closing of closings)
      if (closing.status === 'rejected')
        expect(closing.reason).toMatchObject({ code: 'staff.dispute-closed', status: 409 });
    expect((await staff.memberOf(holder.accountId))?.id).toBe(one.id);
    expect(
      await em.execute(
        `select reason from audit_entry where action = 'staff.dispute-close' and target = ? and result = 'done'`,
        [`link-dispute:${open[0]!.id}`],
      ),
    ).toEqual([{ reason: decision.note }]);
  });

  it('ID-2 when the holder loses it, it is free and links to nobody by itself; the holder is signed out', async () => {
    const one = await onRecord();
    const [holder, claimant, desk] = [await visitor(), await visitor(), await visitor()];
    await staff.link(holder, one.facts);
    await failureOf(staff.link(claimant, one.facts));
    const [dispute] = (await staff.disputes()).filter(({ member }) => member.id === one.id);
    await staff.closeDispute(desk, dispute!.id, {
      outcome: 'holder-unlinked',
      note: 'The first account was not hers.',
    });
    expect(await staff.memberOf(holder.accountId)).toBeUndefined();
    expect(await staff.memberOf(claimant.accountId)).toBeUndefined();
    expect(
      await em.execute(`select 1 from account where id = ? and sessions_ended_at > '2020-01-01'`, [holder.accountId]),
    ).toHaveLength(1);
    expect(
      await em.execute(
        `select recipient_id, facts->>'outcome' as outcome from message where kind = 'staff.dispute-closed' and recipient_id in (?, ?) order by 2`,
        [holder.accountId, claimant.accountId],
      ),
    ).toEqual([
      { recipient_id: claimant.accountId, outcome: 'holder-unlinked to claimant' },
      { recipient_id: holder.accountId, outcome: 'holder-unlinked to holder' },
    ]);
    expect(await staff.link(claimant, one.facts)).toMatchObject({ id: one.id });
  });

  it('AC-6 who can sign in now, and who no longer can, is announced with the link that begins or ends', async () => {
    const heard: Change[] = [];
    libs.app.get(Changes).follow(async (_, change) => void heard.push(change));
    const one = await onRecord({ lastName: 'Heard' });
    const [holder, claimant, desk] = [await visitor(), await visitor(), await visitor()];
    await staff.link(holder, one.facts);
    await staff.link(holder, one.facts);
    await failureOf(staff.link(claimant, one.facts));
    expect(heard).toEqual([{ cause: 'Odile Heard can sign in now.', staffMemberIds: [one.id] }]);
    const dispute = (await staff.disputes()).find(({ member }) => member.id === one.id)!;
    await staff.closeDispute(desk, dispute.id, { outcome: 'holder-unlinked', note: 'Called the school.' });
    const cause = 'Odile Heard can no longer sign in.';
    expect(heard.slice(1)).toEqual([{ cause, staffMemberIds: [one.id], accountIds: [holder.accountId] }]);
  });

  it('ID-2 an account the desk took the Staff ID from does not get it back by typing the facts again, but by the desk', async () => {
    const one = await onRecord();
    const [impostor, claimant, desk] = [await visitor(), await visitor(), await visitor()];
    await staff.link(impostor, one.facts);
    await failureOf(staff.link(claimant, one.facts));
    const close = async (claimedBy: SignedIn): Promise<void> => {
      const dispute = (await staff.disputes()).find(
        ({ member, claimantAccountId }) => member.id === one.id && claimantAccountId === claimedBy.accountId,
      );
      await staff.closeDispute(desk, dispute!.id, { outcome: 'holder-unlinked', note: 'Called the school.' });
    };
    await close(claimant);
    clock.advance(1000);
    // Free, and the impostor is faster than the person it belongs to.
    expect((await failureOf(staff.link(impostor, one.facts))).code).toBe('staff.taken');
    expect(await staff.memberOf(impostor.accountId)).toBeUndefined();
    expect(await staff.link(claimant, one.facts)).toMatchObject({ id: one.id });
    // The desk was wrong: what it finds later counts.
    await close(impostor);
    clock.advance(1000);
    expect((await failureOf(staff.link(claimant, one.facts))).code).toBe('staff.taken');
    expect(await staff.link(impostor, one.facts)).toMatchObject({ id: one.id });
  });

  it('ID-3 no account before its address is proven, none that is closed, and no name or address links by itself', async () => {
    const one = await onRecord();
    const address = '198.51.100.99';
    const unproven: SignedIn = { accountId: newId(), client: 'portal', address }; // a registration is no account yet
    const disabled: SignedIn = { accountId: await anAccount(em, { status: 'disabled' }), client: 'portal', address };
    for (const actor of [unproven, disabled]) {
      expect((await failureOf(staff.link(actor, one.facts))).code).toBe('staff.not-matched');
      expect(await staff.memberOf(actor.accountId)).toBeUndefined();
    }
    const namesake = await anAccount(em, { firstName: one.facts.firstName, lastName: one.facts.lastName });
    expect(await staff.memberOf(namesake)).toBeUndefined();
    expect((await staff.accountsOf([one.id])).size).toBe(0);
  });

  it('ID-4 no app removes a staff member, gives a Staff ID to another, or gives one twice', async () => {
    const one = await onRecord();
    await expect(em.execute(`delete from staff_member where id = ?`, [one.id])).rejects.toThrow(/permission denied/);
    await expect(em.execute(`update staff_member set staff_id = '1111111111' where id = ?`, [one.id])).rejects.toThrow(
      /permission denied/,
    );
    await expect(
      em.execute(
        `insert into staff_member (id, staff_id, first_name, last_name, name_key, created_at) values (?, ?, 'New', 'Person', 'person|new', now())`,
        [newId(), one.staffId],
      ),
    ).rejects.toThrow(/staff_member_staff_id_unique/);
  });

  it('AU-4 no birth date is kept in any table, not in the clear', async () => {
    const columns = await em.execute<{ table_name: string; column_name: string }[]>(
      `select table_name, column_name from information_schema.columns where table_schema = 'public' and data_type in ('text', 'jsonb', 'character varying', 'date')`,
    );
    for (const { table_name, column_name } of columns) {
      const found = await em.execute(
        `select 1 from "${table_name}" where "${column_name}"::text like '%1984-02-29%' limit 1`,
      );
      expect([table_name, column_name, found.length]).toEqual([table_name, column_name, 0]);
    }
  });
});
