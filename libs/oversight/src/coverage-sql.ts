import { assignmentInForce, coordinatorCanAct, signedStatement } from '#coordinators';

const day = '(select day from today)';

const able = (row: string): string =>
  `(${coordinatorCanAct(row)} and ${signedStatement(`${row}.staff_member_id`, day)})`;

const open = (row: string): string =>
  `coalesce(${row}.opened_on <= ${day}, true) and coalesce(${row}.closed_on > ${day}, true)`;

/**
 * Whether somebody decides by assignment `a`, for all places it holds, as SQL: whoever stands in where somebody does, as
 * routing has it (docs/routing.md), or else the coordinator.
 * @param application SQL for a code; null: every application
 */
export const isAnswered = (application: string): string => {
  const standsIn = (more: string): string =>
    `exists (select 1 from cover v where v.coordinator_id = a.id and (v.application is null or v.application = ${application}) ${more})`;
  return `case when ${standsIn('')} then ${standsIn('and v.able')} else a.signs_in and a.signed end`;
};

/**
 * What the statements about coverage begin with; one `?`, the day. Open systems and sites, assignments in force, the same
 * folded (those of one person that differ in their application only come together, `each` in the first), and for each system
 * the people by whose assignment somebody can decide for the whole of it and every application.
 */
export const coverageGround = `with
  today as (select ?::date as day),
  open_system as (select s.code, s.name, s.name_key, s.kind from school_system s where ${open('s')}),
  open_site as (select t.code, t.name, t.name_key, t.kind from site t where ${open('t')}),
  named as (
    select c.id, c.staff_member_id, c.reach, c.system_code, c.application, c.from_day, c.to_day, c.ended_at, c.ended_reason,
      ${coordinatorCanAct('c')} as signs_in, ${signedStatement('c.staff_member_id', day)} as signed
    from coordinator c),
  cover as (
    select v.coordinator_id, v.application, ${able('v')} as able from coordinator_cover v
    where v.every_site and ${assignmentInForce('v', day)}),
  assignment as (select a.* from named a where ${assignmentInForce('a', day)}),
  folded as (
    select f.*, row_number() over alike as place, json_agg(json_build_object(
        'coordinatorId', f.id, 'application', f.application)) over (alike rows between unbounded preceding and unbounded following) as each
    from (select a.*, case when a.application is null then a.id::text else array(
        select z.site_code from coordinator_site z where z.coordinator_id = a.id order by z.site_code)::text end as scope
      from assignment a) f
    window alike as (partition by f.staff_member_id, f.reach, f.system_code, f.scope, f.from_day, f.to_day order by f.application, f.id)),
  whole as (
    select a.system_code, count(distinct a.staff_member_id) as people from assignment a
    where a.reach = 'system' and a.application is null and ${isAnswered('null')} group by a.system_code),
  unserved as (
    select t.code, t.name, t.name_key, t.kind, s.code as owner_code, s.name as owner_name, s.name_key as owner_key
    from open_site t
    join site_parent p on p.site_code = t.code and p.from_day <= ${day} and coalesce(p.to_day > ${day}, true)
    join school_system s on s.code = p.system_code
    where (t.kind in ('nonpublic', 'early-childhood') or t.kind = 'school' and s.kind in ('nonpublic', 'early-childhood'))
      and not exists (select 1 from site_serving v where v.site_code = t.code
        and v.from_day <= ${day} and coalesce(v.to_day > ${day}, true)))`;

/** Why somebody of `assignment a` cannot decide; null: nothing keeps the person from it. */
export const hindranceOf = `case when not a.signs_in then 'cannot-sign-in' when not a.signed then 'unsigned' end`;

/** Columns of an `AssignmentRow`, of `coordinatorTables`. */
export const coordinatorColumns = `a.id as "coordinatorId", a.staff_member_id as "staffMemberId",
  m.first_name || ' ' || m.last_name as name, a.reach, a.system_code as "systemCode", s.name as "systemName",
  a.application, a.from_day::text as "sinceDay", a.to_day::text as "untilDay", ${hindranceOf} as hindrance,
  (select count(*)::int from coordinator_site z where z.coordinator_id = a.id) as sites`;

/** What `coordinatorColumns` are read of; `named` holds ended assignments too. */
export const coordinatorTables = (
  from: 'assignment' | 'folded' | 'named' = 'assignment',
): string => `${from} a join staff_member m on m.id = a.staff_member_id
  left join school_system s on s.code = a.system_code`;

/** The heads of system `s` as JSON. */
export const headsColumn = `coalesce((select json_agg(json_build_object('staffMemberId', h.staff_member_id,
    'name', p.first_name || ' ' || p.last_name, 'title', h.title) order by h.from_day, h.id)
  from system_head h join staff_member p on p.id = h.staff_member_id
  where h.system_code = s.code and h.ended_at is null and h.from_day <= ${day}), '[]') as heads`;

/** Whether the state stands in for system `s`. */
export const takenOverColumn = `exists (
  select 1 from state_takeover o where o.system_code = s.code and o.ended_at is null) as "takenOver"`;
