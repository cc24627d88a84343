import { newId } from '#kernel';
import { notStated } from './feed-row.js';
import type { EmploymentState, HashedPerson, HashedRow, MemberState, StaffState } from './feed-state.js';
import { factsByStaffId, same, type StatedFacts } from './stated-facts.js';

/** What becomes of a row: every row has exactly one fate. */
export const fates = [
  'new-person',
  'changed',
  'unchanged',
  'repeated',
  'needs-person',
  'contract',
  'vacancy',
  'refused',
] as const;
export type RowFate = (typeof fates)[number];

/** The fate of one row, with a reason where a person has to do something. */
export interface FatedRow {
  row: number;
  fate: RowFate;
  reason?: string;
}

export interface FeedPlan {
  rows: FatedRow[];
  /** In the order of the file. */
  newMembers: MemberState[];
  changedMembers: MemberState[];
  newEmployments: EmploymentState[];
  /** Only their last day changes. */
  changedEmployments: EmploymentState[];
}

/** What a staff file changes. Pure but for the ids of new rows; planned on its own result it changes nothing. */
export function planFeed(current: StaffState, rows: HashedRow[]): FeedPlan {
  const plan = new Planner(current, factsByStaffId(rows));
  return plan.result(
    rows.map((row) => ('person' in row ? { row: row.row, ...plan.fateOf(row.person, row.row) } : row)),
  );
}

const employmentKey = (work: { siteCode: string; position: string; from: string }): string =>
  `${work.siteCode}|${work.position}|${work.from}`;

class Planner {
  private readonly byStaffId = new Map<string, MemberState>();
  private readonly byFacts = new Map<string, MemberState[]>();
  private readonly work = new Map<string, Map<string, EmploymentState>>();
  private readonly changes = {
    newMembers: new Map<string, MemberState>(),
    changedMembers: new Map<string, MemberState>(),
    newEmployments: new Set<EmploymentState>(),
    changedEmployments: new Set<EmploymentState>(),
  };
  /** Where this file said something first: a person, or one employment of a person. */
  private readonly said = new Map<string, number>();

  constructor(
    private readonly current: StaffState,
    private readonly stated: Map<string, StatedFacts>,
  ) {
    for (const member of current.members) this.remember({ ...member });
    for (const employment of current.employments)
      this.workOf(employment.memberId).set(employmentKey(employment), { ...employment });
  }

  result(rows: FatedRow[]): FeedPlan {
    const { newMembers, changedMembers, newEmployments, changedEmployments } = this.changes;
    return {
      rows,
      newMembers: [...newMembers.values()],
      changedMembers: [...changedMembers.values()],
      newEmployments: [...newEmployments],
      changedEmployments: [...changedEmployments],
    };
  }

  fateOf(person: HashedPerson, row: number): Omit<FatedRow, 'row'> {
    if (person.work && !this.current.siteCodes.has(person.work.siteCode))
      return { fate: 'refused', reason: `no site has the code ${JSON.stringify(person.work.siteCode.slice(0, 20))}` };
    return person.staffId ? this.listed(person, person.staffId, row) : this.matched(person, row);
  }

  /** A Unique Id row: the facts say who it is. */
  private matched(person: HashedPerson, row: number): Omit<FatedRow, 'row'> {
    const found = this.byFacts.get(factsKey(person)) ?? [];
    if (found.length > 1)
      return { fate: 'needs-person', reason: `${found.length} people on record have this name and birth date` };
    const [known] = found;
    const member = known ?? this.add(person);
    const [site, from] = [person.work!.siteCode, person.work!.from];
    if (this.alreadySaid(`${member.id} at ${site}`, row)) return { fate: 'repeated' };
    const employed = [...this.workOf(member.id).values()].some(
      (work) => work.siteCode === site && work.from <= from && (!work.to || work.to >= from),
    );
    if (!employed) this.employ(member, { siteCode: site, position: notStated, from });
    return { fate: !known ? 'new-person' : employed ? 'unchanged' : 'changed' };
  }

  /** A row of a staff list: the Staff ID says who it is, and never comes to mean somebody else (ID-4). */
  private listed(person: HashedPerson, staffId: string, row: number): Omit<FatedRow, 'row'> {
    const stated = this.stated.get(staffId)!;
    if (stated.contradiction)
      return {
        fate: 'refused',
        reason: `lines ${stated.row} and ${stated.contradiction} give different facts for the same Staff ID`,
      };
    const known = this.byStaffId.get(staffId);
    if (known && known.nameKey !== person.nameKey && !same(known.birthHash, stated.person.birthHash)) {
      return {
        fate: 'needs-person',
        reason:
          'this Staff ID has another name and another birth date on record; a Staff ID never goes to another person',
      };
    }
    const member = known ?? this.add(stated.person);
    const corrected = known && this.correct(known, stated.person);
    const already = !known ? 'new-person' : corrected ? 'changed' : undefined;
    const repeated = this.alreadySaid(staffId, row);
    return person.work
      ? this.listedWork(member, person.work, row, already)
      : { fate: already ?? (repeated ? 'repeated' : 'unchanged') };
  }

  private listedWork(
    member: MemberState,
    work: NonNullable<HashedPerson['work']>,
    row: number,
    already: RowFate | undefined,
  ): Omit<FatedRow, 'row'> {
    const key = employmentKey(work);
    const place = `${member.id} as ${key}`;
    const existing = this.workOf(member.id).get(key);
    const before = this.said.get(place);
    this.alreadySaid(place, row);
    if (before !== undefined)
      return existing!.to === work.to
        ? { fate: already ?? 'repeated' }
        : { fate: 'refused', reason: `line ${before} gives another end of the same employment` };
    if (!existing) this.employ(member, work);
    else if (existing.to === work.to) return { fate: already ?? 'unchanged' };
    else {
      existing.to = work.to;
      this.changes.changedEmployments.add(existing);
    }
    return { fate: already ?? 'changed' };
  }

  private add(person: HashedPerson): MemberState {
    const { firstName, lastName, middleName, suffix, nameKey, birthHash, staffId } = person;
    const member = { id: newId(), staffId, firstName, lastName, middleName, suffix, nameKey, birthHash };
    this.changes.newMembers.set(member.id, member);
    this.remember(member);
    return member;
  }

  /** Takes over corrected names and a birth date; an empty cell corrects nothing. */
  private correct(known: MemberState, person: HashedPerson): boolean {
    const details = ['firstName', 'lastName', 'middleName', 'suffix', 'birthHash'] as const;
    if (details.every((detail) => !person[detail] || known[detail] === person[detail])) return false;
    known.firstName = person.firstName;
    known.lastName = person.lastName;
    known.middleName = person.middleName ?? known.middleName;
    known.suffix = person.suffix ?? known.suffix;
    known.nameKey = person.nameKey;
    known.birthHash = person.birthHash ?? known.birthHash;
    this.changes.changedMembers.set(known.id, known);
    return true;
  }

  private employ(member: MemberState, work: NonNullable<HashedPerson['work']>): void {
    const employment = { memberId: member.id, ...work };
    this.workOf(member.id).set(employmentKey(work), employment);
    this.changes.newEmployments.add(employment);
  }

  private remember(member: MemberState): void {
    if (member.staffId) this.byStaffId.set(member.staffId, member);
    const key = factsKey(member);
    if (member.birthHash) this.byFacts.set(key, [...(this.byFacts.get(key) ?? []), member]);
  }

  private workOf(memberId: string): Map<string, EmploymentState> {
    const known = this.work.get(memberId);
    if (known) return known;
    const none = new Map<string, EmploymentState>();
    this.work.set(memberId, none);
    return none;
  }

  /** Whether this file said it in an earlier row; from now on it did. */
  private alreadySaid(what: string, row: number): boolean {
    if (this.said.has(what)) return true;
    this.said.set(what, row);
    return false;
  }
}

const factsKey = ({ nameKey, birthHash }: { nameKey: string; birthHash?: string }): string => `${nameKey}#${birthHash}`;
