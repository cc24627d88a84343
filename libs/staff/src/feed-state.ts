import type { FeedPerson, FeedRow } from './feed-row.js';

/** A row whose person was hashed: no birth date from here on. */
export type HashedRow = { row: number } & (
  | { person: Omit<FeedPerson, 'birthDate'> & { nameKey: string; birthHash?: string } }
  | Exclude<FeedRow, { person: FeedPerson }>
);
/** The person of such a row. */
export type HashedPerson = Extract<HashedRow, { person: unknown }>['person'];

export interface MemberState {
  id: string;
  /** Absent until a new Staff ID is drawn. */
  staffId?: string;
  firstName: string;
  lastName: string;
  middleName?: string;
  suffix?: string;
  nameKey: string;
  birthHash?: string;
}

export interface EmploymentState {
  memberId: string;
  siteCode: string;
  position: string;
  from: string;
  to?: string;
}

/** What is on record about the people of a file. */
export interface StaffState {
  members: MemberState[];
  employments: EmploymentState[];
  siteCodes: Set<string>;
}
