import type { EntityManager } from '@mikro-orm/postgresql';
import { assignmentInForce, coordinatorCanAct, officeSeats } from '#coordinators';
import { days, foldedText, localDay } from '#kernel';
import type { Asked } from './line-of.js';
import { waitsForAnswer } from './question-rows.js';
import type { WaitingFilter } from './request-views.js';

/** For whom lines wait, and which of them are looked for. */
export interface WaitingSearch {
  staffMemberId: string;
  /** Whether the person is at the state desk. */
  desk: boolean;
  now: Date;
  filter: WaitingFilter;
}

/** A line that waits for a person, with what tells whether this person may decide it. */
export type WaitingLine = Asked & { id: string; requestId: string };

/** A part of a statement, and the values of its question marks. */
type Sql = [text: string, ...values: unknown[]];

const today = '(select day from today)';
const inOffice = (decider: string): string =>
  `exists (select 1 from ${officeSeats} c where c.id = ${decider}.coordinator_id and ${assignmentInForce('c', today)})`;

/**
 * The next requests that may wait for a person, oldest first, along the indexes that hold open lines in this order. Lines wait
 * for whoever was named when they were routed last and is still in office. The state desk also gets what was routed to it
 * before the person came, and, should anything ever keep a line from following a change, what those who were named cannot
 * decide any more: nothing is ever forgotten.
 * @param from id of the request they follow
 * @param back against the order
 */
export async function waitingRequests(
  em: EntityManager,
  { staffMemberId, desk, now, filter }: WaitingSearch,
  { from, back, limit }: { from?: string; back: boolean; limit: number },
): Promise<string[]> {
  const cut = from === undefined ? undefined : await sentAt(em, from);
  const wanted = conditions(filter, now);
  const [sign, order] = back ? ['<', 'desc'] : ['>', 'asc'];
  const first = `order by 1 ${order}, 2 ${order} limit ${limit}`;
  const keysOf = (rows: string, at: string, line: string, ...where: Sql[]): Sql => {
    const request = `${at.split('.')[0]}.request_id`;
    const beyond: Sql[] = cut ? [[`(${at}, ${request}) ${sign} (?::timestamptz, ?::uuid)`, cut, from]] : [];
    const [text, ...values] = all([...where, ...beyond, ...wanted]);
    const asked = wanted.length ? `join request_line l on l.id = ${line} ${withRequester}` : '';
    return [`(select distinct ${at} as at, ${request} from ${rows} ${asked} where ${text} ${first})`, ...values];
  };
  const named = keysOf('request_decider d', 'd.open_since', 'd.line_id', [
    `d.staff_member_id = ? and d.open_since is not null and ${inOffice('d')}`,
    staffMemberId,
  ]);
  const left = keysOf('request_line k', 'k.submitted_at', 'k.id', [`k.status = 'pending' and k.state_desk`]);
  const stranded = keysOf(
    'request_decider d join gone g on g.coordinator_id = d.coordinator_id and g.staff_member_id = d.staff_member_id',
    'd.open_since',
    'd.line_id',
    [`d.open_since is not null and not ${isNamed('d.line_id')}`],
  );
  const parts = desk ? [named, left, stranded] : [named];
  const rows = await em.execute<{ request_id: string }[]>(
    `with recursive today as (select ?::date as day) ${desk ? `, ${goneDeciders}` : ''}
     select request_id from (${parts.map(([text]) => text).join(' union ')}) w ${first.replace('1', 'at').replace('2', 'request_id')}`,
    [localDay(now), ...parts.flatMap(([, ...values]) => values)],
  );
  return rows.map((row) => row.request_id);
}

/** The lines of some requests that wait for a person, in the order they were asked for. */
export async function waitingLines(
  em: EntityManager,
  { staffMemberId, desk, now, filter }: WaitingSearch,
  requestIds: string[],
): Promise<WaitingLine[]> {
  const [text, ...values] = all(conditions(filter, now));
  return em.execute<WaitingLine[]>(
    `with today as (select ?::date as day)
     select l.id, l.request_id as "requestId", r.staff_member_id as "staffMemberId", l.application, l.level, l.code, l.duty, l.excluded
     from request_line l ${withRequester}
     where l.request_id in (select value::uuid from json_array_elements_text(?::json)) and l.status = 'pending'
       and (exists (select 1 from request_decider d where d.line_id = l.id and d.staff_member_id = ? and ${inOffice('d')})
         ${desk ? `or l.state_desk or not ${isNamed('l.id')}` : ''})
       and ${text}
     order by l.position`,
    [localDay(now), JSON.stringify(requestIds), staffMemberId, ...values],
  );
}

const withRequester = `join permission_request r on r.id = l.request_id join staff_member m on m.id = r.staff_member_id`;

/** Somebody in office who can sign in is named to decide a line. */
const isNamed = (line: string): string =>
  `exists (select 1 from request_decider o where o.line_id = ${line} and ${inOffice('o')} and ${coordinatorCanAct('o')})`;

/** Who is named in open lines, read by leaps through the index, and can decide nothing now; hardly ever anybody. */
const goneDeciders = `named as (
    (select coordinator_id, staff_member_id from request_decider where open_since is not null order by 1, 2 limit 1)
    union all
    select n.* from named cross join lateral (
      select d.coordinator_id, d.staff_member_id from request_decider d where d.open_since is not null
        and (d.coordinator_id, d.staff_member_id) > (named.coordinator_id, named.staff_member_id) order by 1, 2 limit 1) n),
  gone as (select * from named n where not (${inOffice('n')} and ${coordinatorCanAct('n')}))`;

const all = (conditions: Sql[]): Sql => [
  conditions.map(([text]) => text).join(' and ') || 'true',
  ...conditions.flatMap(([, ...values]) => values),
];

/** To the microsecond, as a text. */
async function sentAt(em: EntityManager, requestId: string): Promise<string | undefined> {
  const [row] = await em.execute<{ at: string }[]>(
    `select submitted_at::text as at from permission_request where id = ?::uuid`,
    [requestId],
  );
  return row?.at;
}

/** Each part of a filter over the line l, its request r and its requester m. */
function conditions(
  { text = '', application, siteCode, olderThanDays, staffMemberId, asked }: WaitingFilter,
  now: Date,
): Sql[] {
  const words = foldedText(text.slice(0, 100)).split(' ').filter(Boolean).slice(0, 8);
  return [
    ...words.map((word): Sql => [
      `(strpos(lower(r.reference), ?) > 0 or strpos(m.name_key, ?) > 0)`,
      word,
      // Names are compared by letters and digits only.
      word.replace(/[^\p{L}\p{N}]/gu, '') || word,
    ]),
    ...(application ? [[`l.application = ?`, application] as Sql] : []),
    ...(staffMemberId ? [[`r.staff_member_id = ?::uuid`, staffMemberId] as Sql] : []),
    ...(siteCode ? [[`(l.level = 'site' and l.code = ?)`, siteCode] as Sql] : []),
    ...(olderThanDays !== undefined
      ? [[`l.submitted_at <= ?`, new Date(now.getTime() - days(olderThanDays))] as Sql]
      : []),
    ...(asked !== undefined ? [[`${asked ? '' : 'not '}${waitsForAnswer('l')}`] as Sql] : []),
  ];
}
