import { randomInt } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { batches, newId } from '#kernel';
import type { FeedPlan } from './feed-plan.js';
import type { EmploymentState, HashedRow, MemberState, StaffState } from './feed-state.js';

/** Any number; one staff import at a time. */
const importLock = 7_000_001;

/** Holds other imports until this transaction ends. */
export const lockFeed = (em: EntityManager): Promise<unknown> =>
  em.execute(`select pg_advisory_xact_lock(${importLock})`);

const memberColumns = `m.id, m.staff_id as "staffId", m.first_name as "firstName", m.last_name as "lastName", m.middle_name as "middleName", m.suffix, m.name_key as "nameKey", m.birth_hash as "birthHash"`;

/** What is on record about everybody the rows may mean, by Staff ID or by name and birth date. */
export async function readStaffState(em: EntityManager, rows: HashedRow[]): Promise<StaffState> {
  const people = rows.flatMap((row) => ('person' in row ? [row.person] : []));
  const members: MemberState[] = [];
  for (const batch of batches(people.filter(({ staffId }) => staffId))) {
    members.push(
      ...(await em.execute<MemberState[]>(
        `select ${memberColumns} from staff_member m where m.staff_id in (select value from json_array_elements_text(?::json))`,
        [JSON.stringify(batch.map(({ staffId }) => staffId))],
      )),
    );
  }
  for (const batch of batches(people.filter(({ staffId }) => !staffId))) {
    const facts = JSON.stringify(batch.map(({ nameKey, birthHash }) => ({ nameKey, birthHash })));
    members.push(
      ...(await em.execute<MemberState[]>(
        `select ${memberColumns} from staff_member m join (select distinct "nameKey", "birthHash" from json_to_recordset(?::json) as row ("nameKey" text, "birthHash" text)) row
         on m.name_key = row."nameKey" and m.birth_hash = row."birthHash"`,
        [facts],
      )),
    );
  }
  const known = [...new Map(members.map((member) => [member.id, withoutNulls(member)])).values()];
  const employments: EmploymentState[] = [];
  for (const batch of batches(known)) {
    employments.push(
      ...(await em.execute<EmploymentState[]>(
        `select staff_member_id as "memberId", site_code as "siteCode", position, from_day::text as "from", to_day::text as "to"
         from employment where staff_member_id in (select value::uuid from json_array_elements_text(?::json))`,
        [JSON.stringify(batch.map(({ id }) => id))],
      )),
    );
  }
  const sites = await em.execute<{ code: string }[]>(`select code from site`);
  return {
    members: known,
    employments: employments.map(withoutNulls),
    siteCodes: new Set(sites.map(({ code }) => code)),
  };
}

/** Writes a plan in batches; people without a Staff ID get a new one. */
export async function writeFeedPlan(em: EntityManager, plan: FeedPlan, now: Date): Promise<void> {
  for (const batch of batches(plan.newMembers)) await insertMembers(em, batch, now);
  for (const batch of batches(plan.changedMembers)) {
    await em.execute(
      `update staff_member m set first_name = row."firstName", last_name = row."lastName", middle_name = row."middleName", suffix = row.suffix, name_key = row."nameKey", birth_hash = row."birthHash"
       from json_to_recordset(?::json) as row (id uuid, "firstName" text, "lastName" text, "middleName" text, suffix text, "nameKey" text, "birthHash" text) where m.id = row.id`,
      [JSON.stringify(batch)],
    );
  }
  for (const batch of batches(plan.newEmployments)) {
    await em.execute(
      `insert into employment (id, staff_member_id, site_code, position, from_day, to_day)
       select id, "memberId", "siteCode", position, "from", "to"
       from json_to_recordset(?::json) as row (id uuid, "memberId" uuid, "siteCode" text, position text, "from" date, "to" date)`,
      [JSON.stringify(batch.map((employment) => ({ id: newId(), ...employment })))],
    );
  }
  for (const batch of batches(plan.changedEmployments)) {
    await em.execute(
      `update employment e set to_day = row."to" from json_to_recordset(?::json) as row ("memberId" uuid, "siteCode" text, position text, "from" date, "to" date)
       where e.staff_member_id = row."memberId" and e.site_code = row."siteCode" and e.position = row.position and e.from_day = row."from"`,
      [JSON.stringify(batch)],
    );
  }
}

/** Inserts people; a number drawn that somebody has already is drawn again. */
async function insertMembers(em: EntityManager, members: MemberState[], now: Date): Promise<void> {
  for (let waiting = members; waiting.length;) {
    const made = await em.execute<{ id: string }[]>(
      `insert into staff_member (id, staff_id, first_name, last_name, middle_name, suffix, name_key, birth_hash, created_at)
       select id, "staffId", "firstName", "lastName", "middleName", suffix, "nameKey", "birthHash", ?
       from json_to_recordset(?::json) as row (id uuid, "staffId" text, "firstName" text, "lastName" text, "middleName" text, suffix text, "nameKey" text, "birthHash" text)
       on conflict (staff_id) do nothing returning id`,
      [now, JSON.stringify(waiting.map((member) => ({ ...member, staffId: member.staffId ?? newStaffId() })))],
    );
    const there = new Set(made.map(({ id }) => id));
    waiting = waiting.filter(({ id }) => !there.has(id));
    const given = waiting.find(({ staffId }) => staffId);
    if (given) throw new Error(`Staff ID ${given.staffId} was taken while the import ran`);
  }
}

/** 10 digits, random: nothing can be read from it, and the next one cannot be guessed. */
const newStaffId = (): string => String(randomInt(1_000_000_000, 10_000_000_000));

/** The database says null where the plan says undefined. */
const withoutNulls = <T extends object>(row: T): T =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined])) as T;
