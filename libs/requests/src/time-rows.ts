import type { EntityManager } from '@mikro-orm/postgresql';
import { batches, localDay } from '#kernel';
import { closeQuestions, waitsForAnswer } from './question-rows.js';
import type { ReminderMoment } from './request-views.js';

/** An open line as time sees it; days are 'YYYY-MM-DD'. */
export interface LineClock {
  lineId: string;
  requestId: string;
  /** The system that answers for the place: its calendar counts. */
  systemCode: string;
  /** The day it was sent. */
  submitted: string;
  /** The day its clock started last: it was sent, passed on, asked back, answered, or a step was approved. */
  since: string;
  /** The day from which its expiry counts: as `since`, but passing it on gives nobody more time. */
  counted: string;
  /** An answer of the requester is missing, to a question or to an offer of less: nobody is late. */
  asked: boolean;
  /** How many times the clock started anew. */
  step: number;
  /** How many of the reminders since then were sent. */
  reminded: number;
}

interface ClockRow extends Omit<LineClock, 'submitted' | 'since' | 'counted'> {
  submittedAt: string;
  sinceAt: string;
  countedAt: string;
}

/** Open lines, or those of some requests, with what time did to them. */
export async function openClocks(em: EntityManager, requestIds?: string[]): Promise<LineClock[]> {
  const found: LineClock[] = [];
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await em.execute<ClockRow[]>(
      `select l.id as "lineId", l.request_id as "requestId", l.system_code as "systemCode", r.submitted_at as "submittedAt",
         coalesce(p.at, r.submitted_at) as "sinceAt", coalesce(p.counted, r.submitted_at) as "countedAt", p.step,
         ${waitsForAnswer('l')} as asked, coalesce((
           select max(c.nth) from request_clock c where c.line_id = l.id and c.what = 'reminded' and c.step = p.step), 0) as reminded
       from request_line l join permission_request r on r.id = l.request_id
       cross join lateral (
         select count(*)::int as step, max(c.at) as at, max(c.at) filter (where c.what <> 'passed-on') as counted
         from request_clock c where c.line_id = l.id and c.what in (${starts})) p
       where l.status = 'pending' and l.id > ?
         ${requestIds ? `and l.request_id in (select value::uuid from json_array_elements_text(?::json))` : ''}
       order by l.id limit ${atOnce}`,
      [last, ...(requestIds ? [JSON.stringify(requestIds)] : [])],
    );
    found.push(...rows.map(clockOf));
    if (rows.length < atOnce) return found;
    last = rows.at(-1)!.lineId;
  }
}

const atOnce = 5000;

/** What starts the clock of a line anew. */
const starts = `'passed-on', 'asked', 'answered', 'approved'`;

const clockOf = ({ submittedAt, sinceAt, countedAt, ...row }: ClockRow): LineClock => ({
  ...row,
  submitted: localDay(new Date(submittedAt)),
  since: localDay(new Date(sinceAt)),
  counted: localDay(new Date(countedAt)),
});

/** Something time does to a line. */
interface ClockDeed {
  lineId: string;
  what: 'reminded' | 'passed-on' | 'expired';
  step: number;
  nth: number;
  passedRow?: number;
}

/** Keeps what time does to lines. @returns the lines to which it was not done before: only these it may be done to */
export async function keepClocks(em: EntityManager, deeds: ClockDeed[], at: Date): Promise<Set<string>> {
  const kept = new Set<string>();
  for (const some of batches(deeds)) {
    const rows = await em.execute<{ line_id: string }[]>(
      `insert into request_clock (line_id, what, step, nth, at, passed_row)
       select "lineId", what, step, nth, ?, "passedRow" from json_to_recordset(?::json)
         as deed ("lineId" uuid, what text, step int, nth int, "passedRow" int)
       on conflict do nothing returning line_id`,
      [at, JSON.stringify(some)],
    );
    for (const { line_id } of rows) kept.add(line_id);
  }
  return kept;
}

/** Starts the clocks of lines anew, whose request is held. The approval of a step ends the question that was open about a line. */
export async function restartClocks(
  em: EntityManager,
  lineIds: string[],
  what: 'asked' | 'answered' | 'approved',
  at: Date,
): Promise<void> {
  await em.execute(
    `insert into request_clock (line_id, what, step, nth, at)
     select value::uuid, ?, (select count(*) from request_clock c where c.line_id = value::uuid and c.what in (${starts})), 1, ?
     from json_array_elements_text(?::json)`,
    [what, at, JSON.stringify(lineIds)],
  );
  if (what === 'approved') await closeQuestions(em, lineIds, at);
}

/** Who was reminded of lines and when, in order; what was said together is one moment. */
export async function remindersOf(em: EntityManager, lineIds: string[]): Promise<ReminderMoment[]> {
  const rows = await em.execute<(Omit<ReminderMoment, 'at'> & { at: string })[]>(
    `select c.at, coalesce(s.what = 'asked', false) as requester, array_agg(c.line_id::text) as "lineIds"
     from request_clock c
     left join request_clock s on s.line_id = c.line_id and s.step = c.step - 1 and s.what in (${starts})
     where c.what = 'reminded' and c.line_id in (select value::uuid from json_array_elements_text(?::json))
     group by 1, 2 order by 1, 2`,
    [JSON.stringify(lineIds)],
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

/** A request that waits for somebody. */
export interface WaitingPerson {
  staffMemberId: string;
  requestId: string;
  reference: string;
}

/** Whom lines wait for, each person and request once, in one order. */
export async function waitingPeople(em: EntityManager, lineIds: string[]): Promise<WaitingPerson[]> {
  const found = new Map<string, WaitingPerson>();
  for (const ids of batches(lineIds)) {
    const rows = await em.execute<WaitingPerson[]>(
      `select distinct d.staff_member_id as "staffMemberId", r.id as "requestId", r.reference
       from request_decider d join request_line l on l.id = d.line_id join permission_request r on r.id = l.request_id
       where d.line_id in (select value::uuid from json_array_elements_text(?::json)) order by r.reference, 1`,
      [JSON.stringify(ids)],
    );
    for (const row of rows) found.set(`${row.staffMemberId} ${row.requestId}`, row);
  }
  return [...found.values()];
}

/** When lines went to whom they wait for now. */
export async function heldSince(em: EntityManager, lineIds: string[]): Promise<Map<string, Date>> {
  const rows = await em.execute<{ line_id: string; at: string }[]>(
    `select w.line_id, max(w.at) as at from line_route w
     where w.line_id in (select value::uuid from json_array_elements_text(?::json)) group by w.line_id`,
    [JSON.stringify(lineIds)],
  );
  return new Map(rows.map(({ line_id, at }) => [line_id, new Date(at)]));
}
