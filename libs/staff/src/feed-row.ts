import { isPersonName, isPlainText, tidy } from '#kernel';
import { readDay } from './staff-facts.js';

/** One person at one place, as a staff file reports it. A birth date is here only until it is hashed. */
export interface FeedPerson {
  /** Absent in a Unique Id file: there it is what is asked for. */
  staffId?: string;
  firstName: string;
  lastName: string;
  middleName?: string;
  suffix?: string;
  /** 'YYYY-MM-DD' */
  birthDate?: string;
  work?: { siteCode: string; position: string; from: string; to?: string };
}

/**
 * What a row of a staff file is: a person, or one of those that are none, or a fault.
 * Payroll systems write SSN 998... for contract staff without an id and 999... for a vacancy; no other use is made of an SSN.
 */
export type FeedRow = { row: number } & (
  { person: FeedPerson } | { fate: 'contract' | 'vacancy' } | { fate: 'refused'; reason: string }
);

/** The cells of a row by column name, as they are in the file. */
export type Cells = Partial<
  Record<
    | 'staff_id'
    | 'last_name'
    | 'first_name'
    | 'middle_name'
    | 'suffix'
    | 'birth_date'
    | 'site_code'
    | 'position'
    | 'from'
    | 'to'
    | 'ssn',
    string
  >
>;

export const notStated = 'Position not stated';

/** Contract staff and vacancies by their SSN; nothing else of an SSN is looked at or kept. */
function fateOfSsn(ssn: string): 'contract' | 'vacancy' | undefined {
  const [, mark] = /^\s*(998|999)-?\d{2}-?\d{4}\s*$/.exec(ssn) ?? [];
  return mark === '998' ? 'contract' : mark === '999' ? 'vacancy' : undefined;
}

/**
 * Checks the cells of one row.
 * @param needs what the format cannot do without: a Staff ID, or the facts a person is matched by
 * @param today 'YYYY-MM-DD'
 */
export function readPerson(row: number, cells: Cells, needs: 'staff-id' | 'facts', today: string): FeedRow {
  const fate = fateOfSsn(cells.ssn ?? '');
  if (fate) return { row, fate };
  const cell = (name: keyof Cells): string => tidy(cells[name] ?? '');
  const faults: string[] = [];
  const check = (holds: boolean, fault: string): void => void (holds || faults.push(fault));
  const day = (name: 'birth_date' | 'from' | 'to'): string | undefined => {
    const value = readDay(cell(name));
    check(!cell(name) || value !== undefined, `${name} must be a date such as 2026-07-15 or 7/15/2026`);
    return value;
  };

  const person: FeedPerson = {
    staffId: cell('staff_id') || undefined,
    firstName: cell('first_name'),
    lastName: cell('last_name'),
    middleName: cell('middle_name') || undefined,
    suffix: cell('suffix') || undefined,
    birthDate: day('birth_date'),
  };
  check(needs === 'facts' || /^\d{10}$/.test(person.staffId ?? ''), 'the Staff ID must have 10 digits');
  check(needs === 'staff-id' || !!cell('birth_date'), 'the birth date is missing');
  check(
    !person.birthDate || (person.birthDate >= '1900-01-01' && person.birthDate < today),
    'the birth date must be in the past, after 1900',
  );
  for (const [name, value] of [
    ['last', person.lastName],
    ['first', person.firstName],
  ] as const)
    check(isPersonName(value), `the ${name} name is missing or holds what is not part of a name`);
  for (const value of [person.middleName, person.suffix])
    check(!value || isPersonName(value), 'the middle name or suffix holds what is not part of a name');

  const [siteCode, from, to] = [cell('site_code'), day('from'), day('to')];
  const position = cell('position') || notStated;
  check(needs === 'staff-id' || !!siteCode, 'the site code is missing');
  check(
    isPlainText(position) && position.length <= 100,
    'the position is longer than 100 characters or holds invisible characters',
  );
  check(!siteCode || !!cell('from'), 'the day the employment began is missing');
  check(!!siteCode || !(cell('from') || cell('to') || cell('position')), 'the site code of the employment is missing');
  check(!from || !to || from <= to, 'the employment ends before it begins');
  if (faults.length) return { row, fate: 'refused', reason: faults.join('; ') };
  return { row, person: siteCode ? { ...person, work: { siteCode, position, from: from!, to } } : person };
}
