import {
  coordinatorColumns,
  coordinatorTables,
  headsColumn,
  hindranceOf,
  isAnswered,
  takenOverColumn,
} from './coverage-sql.js';

/** A list as SQL, after `coverageGround`. */
export interface Listing {
  /** Ends within its `where`. */
  select: string;
  /** What typed words are looked for in, folded. */
  words: string;
  /** The code of the system, to narrow by. */
  system: string;
  group?: string;
  order: string;
}

const systemWords = `s.name_key || ' ' || lower(s.code)`;

/** Assignments for a whole system and every application, of system `s`. */
const generalOf = `from assignment a join staff_member m on m.id = a.staff_member_id
  where a.system_code = s.code and a.reach = 'system' and a.application is null`;

/** Pairs of an open system and an application that nobody but the state can decide; one `?`, the applications as JSON. */
export const gaps = (columns: string): string => `select ${columns} from open_system s
  cross join json_array_elements_text(?::json) with ordinality as asked (code, position)
  where not exists (select 1 from assignment a where a.system_code = s.code and a.reach = 'system'
    and (a.application is null or a.application = asked.code) and ${isAnswered('asked.code')})`;

/** Systems with nobody who can decide for the whole. */
export const vacantSystems: Listing = {
  select: `select s.code, s.name, ${headsColumn}, ${takenOverColumn},
      (select max(least(c.to_day, (c.ended_at at time zone 'America/Chicago')::date))::text from coordinator c
       where c.system_code = s.code and c.reach = 'system' and c.application is null
         and not exists (select 1 ${generalOf}) and c.from_day <= (select day from today)) as "sinceDay",
      coalesce((select json_agg(json_build_object('name', m.first_name || ' ' || m.last_name,
        'hindrance', ${hindranceOf}) order by a.from_day, a.id) ${generalOf}), '[]') as hindered
    from open_system s where not exists (select 1 from whole w where w.system_code = s.code)`,
  words: systemWords,
  system: 's.code',
  order: 'name, code',
};

/** The one person of each system that has one only. */
export const singleSystems: Listing = {
  select: `select distinct on (s.name, s.code) ${coordinatorColumns} from ${coordinatorTables()}
    join open_system o on o.code = s.code join whole w on w.system_code = s.code and w.people = 1
    where a.reach = 'system' and a.application is null and ${isAnswered('null')}`,
  words: systemWords,
  system: 's.code',
  order: `s.name, s.code, a.from_day, a.id`,
};

/** `gaps` by system; begins with the parameter of `gaps`. */
export const gapsBySystem: Listing = {
  select: gaps('s.code, s.name, json_agg(asked.code order by asked.position) as applications'),
  words: systemWords,
  system: 's.code',
  group: 's.code, s.name',
  order: 'name, code',
};

/** Sites no public system serves, with their owners. */
export const unservedSites: Listing = {
  select: 'select code, name, kind, owner_code, owner_name from unserved where true',
  words: `name_key || ' ' || lower(code) || ' ' || owner_key`,
  system: 'owner_code',
  order: 'owner_name, name, code',
};

/** Assignments in force, folded. */
export const assignmentsInForce: Listing = {
  select: `select ${coordinatorColumns}, a.each from ${coordinatorTables('folded')} where a.place = 1`,
  words: `coalesce(${systemWords}, '') || ' ' || m.name_key`,
  system: 's.code',
  order: `"systemName" nulls first, "systemCode", name, "coordinatorId"`,
};

/** Those whose person has not signed. */
export const unsignedAssignments: Listing = {
  ...assignmentsInForce,
  select: `${assignmentsInForce.select} and not a.signed`,
};
