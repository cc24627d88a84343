import type { HashedPerson, HashedRow } from './feed-state.js';

/** What a whole file says about the person of one Staff ID; `contradiction` is the first line that says otherwise. */
export interface StatedFacts {
  person: HashedPerson;
  row: number;
  contradiction?: number;
}

/** Facts by Staff ID, gathered from all rows before one is planned: so the order of rows cannot turn one person into another. */
export function factsByStaffId(rows: HashedRow[]): Map<string, StatedFacts> {
  const stated = new Map<string, StatedFacts>();
  for (const row of rows) {
    if (!('person' in row) || !row.person.staffId) continue;
    const known = stated.get(row.person.staffId);
    if (!known) stated.set(row.person.staffId, { person: row.person, row: row.row });
    else if (!agree(known.person, row.person)) known.contradiction ??= row.row;
    else known.person = filledIn(known.person, row.person);
  }
  return stated;
}

/** An empty cell agrees with everything. */
export const same = (one: string | undefined, other: string | undefined): boolean => !one || !other || one === other;
const agree = (one: HashedPerson, other: HashedPerson): boolean =>
  one.firstName === other.firstName &&
  one.lastName === other.lastName &&
  same(one.middleName, other.middleName) &&
  same(one.suffix, other.suffix) &&
  same(one.birthHash, other.birthHash);
/** An empty cell says nothing: another row of the same person may. */
const filledIn = (one: HashedPerson, other: HashedPerson): HashedPerson => ({
  ...one,
  middleName: one.middleName ?? other.middleName,
  suffix: one.suffix ?? other.suffix,
  birthHash: one.birthHash ?? other.birthHash,
});
