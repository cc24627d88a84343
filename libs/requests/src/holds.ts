import type { EntityManager } from '@mikro-orm/postgresql';
import { type Location, locationKey } from '#sites';
import { distinctPlaces } from './together.js';

/*
 * Rows a verb holds still until it commits. Everybody takes them in one order, so that no two wait for each other:
 * people, then how routing stands (holdRouting), then coordinators' assignments (CoordinatorsService.mayDecide), then the
 * place, then the request.
 * Isolation levels do not do this: even SERIALIZABLE lets an approval pass after a removal was acknowledged.
 */

/**
 * Holds accounts and their Staff ID links for reading.
 * @returns account id to staff member id, of those that are active and linked
 */
export async function holdPeople(em: EntityManager, accountIds: string[]): Promise<Map<string, string>> {
  const rows = await em.execute<{ account_id: string; staff_member_id: string }[]>(
    `select k.account_id, k.staff_member_id from account a join staff_link k on k.account_id = a.id and k.ended_at is null
     where a.status = 'active' and a.id in (select value::uuid from json_array_elements_text(?::json)) order by a.id for share of a, k`,
    [JSON.stringify(accountIds)],
  );
  return new Map(rows.map((row) => [row.account_id, row.staff_member_id]));
}

/**
 * Lets one submit of a person run at a time, so that counts and "asked already" are true until it commits.
 * @returns the staff member, undefined when the account is not active or not linked
 */
export async function holdRequester(em: EntityManager, accountId: string): Promise<string | undefined> {
  const [row] = await em.execute<{ staff_member_id: string }[]>(
    `select k.staff_member_id from account a join staff_link k on k.account_id = a.id and k.ended_at is null
     where a.id = ? and a.status = 'active' for share of a for update of k`,
    [accountId],
  );
  return row?.staff_member_id;
}

/** Keeps places open and where they are until the transaction ends; everybody takes them in one order. */
export async function holdPlaces(em: EntityManager, locations: Location[]): Promise<void> {
  const places = distinctPlaces(locations).sort((one, other) => (locationKey(one) < locationKey(other) ? -1 : 1));
  for (const { level, code } of places) {
    await em.execute(
      level === 'site'
        ? `select code from site where code = ? for share`
        : `select code from school_system where code = ? for share`,
      [code],
    );
  }
}
