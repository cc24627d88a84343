import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffPerson } from './staff-lookup.js';

/** Somebody gave all the facts of a person whom another account is linked to. */
export interface Dispute {
  id: string;
  openedAt: Date;
  member: Pick<StaffPerson, 'id' | 'staffId' | 'firstName' | 'lastName'>;
  claimantAccountId: string;
  /** The account linked now; absent when that link ended meanwhile. */
  holderAccountId?: string;
}

interface Row {
  id: string;
  opened_at: string;
  closed_at: string | null;
  claimant_account_id: string;
  holder_account_id: string | null;
  member_id: string;
  staff_id: string;
  first_name: string;
  last_name: string;
}

const rows = `select d.id, d.opened_at, d.closed_at, d.claimant_account_id, l.account_id as holder_account_id, m.id as member_id, m.staff_id, m.first_name, m.last_name
  from link_dispute d join staff_member m on m.id = d.staff_member_id
  left join staff_link l on l.staff_member_id = m.id and l.ended_at is null`;

const disputeOf = (row: Row): Dispute => ({
  id: row.id,
  openedAt: new Date(row.opened_at),
  member: { id: row.member_id, staffId: row.staff_id, firstName: row.first_name, lastName: row.last_name },
  claimantAccountId: row.claimant_account_id,
  holderAccountId: row.holder_account_id ?? undefined,
});

/** Open disputes, oldest first. */
export async function openDisputes(em: EntityManager): Promise<Dispute[]> {
  return (await em.execute<Row[]>(`${rows} where d.closed_at is null order by d.opened_at, d.id`)).map(disputeOf);
}

/** One dispute, open or closed; its person is locked, so that no link of that person begins or ends meanwhile. */
export async function disputeForUpdate(
  em: EntityManager,
  id: string,
): Promise<(Dispute & { closed: boolean }) | undefined> {
  await em.execute(
    `select m.id from staff_member m join link_dispute d on d.staff_member_id = m.id where d.id = ? for update of m`,
    [id],
  );
  const [row] = await em.execute<Row[]>(`${rows} where d.id = ?`, [id]);
  return row && { ...disputeOf(row), closed: row.closed_at !== null };
}

/** Writes what was decided; with `holder-unlinked` the holder's link ends. */
export async function writeOutcome(
  em: EntityManager,
  dispute: Dispute,
  decision: { outcome: string; note: string },
  now: Date,
): Promise<void> {
  await em.execute(`update link_dispute set closed_at = ?, outcome = ?, note = ? where id = ?`, [
    now,
    decision.outcome,
    decision.note,
    dispute.id,
  ]);
  if (decision.outcome === 'holder-unlinked') {
    await em.execute(`update staff_link set ended_at = ? where staff_member_id = ? and ended_at is null`, [
      now,
      dispute.member.id,
    ]);
  }
}

/**
 * Whether the state desk took this person from this account and has not found for the account since. Whoever knew the
 * facts once knows them still: such an account comes back through the desk only, never by typing them again (ID-2).
 */
export async function wasUnlinked(em: EntityManager, accountId: string, staffMemberId: string): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `select l.id from staff_link l where l.account_id = ? and l.staff_member_id = ? and l.ended_at is not null and not exists (
       select 1 from link_dispute d where d.claimant_account_id = l.account_id and d.staff_member_id = l.staff_member_id
         and d.outcome = 'holder-unlinked' and d.closed_at > l.ended_at)`,
    [accountId, staffMemberId],
  );
  return rows.length > 0;
}
