import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Ids of what a person asked for, newest first, along an index.
 * @param from id of the request they follow
 * @param back against the order
 * @param count how many; all when absent
 */
export async function requestsOf(
  em: EntityManager,
  staffMemberId: string,
  { from, back = false, count }: { from?: string; back?: boolean; count?: number },
): Promise<string[]> {
  const [sign, order] = back ? ['>', 'asc'] : ['<', 'desc'];
  const beyond = `and (r.submitted_at, r.id) ${sign} (select c.submitted_at, c.id from permission_request c where c.id = ?::uuid)`;
  const rows = await em.execute<{ id: string }[]>(
    `select r.id from permission_request r where r.staff_member_id = ? ${from === undefined ? '' : beyond}
     order by r.submitted_at ${order}, r.id ${order} ${count === undefined ? '' : `limit ${count}`}`,
    from === undefined ? [staffMemberId] : [staffMemberId, from],
  );
  return rows.map((row) => row.id);
}
