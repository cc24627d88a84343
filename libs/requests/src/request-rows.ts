import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { assignmentInForce, officeSeats, type Routing } from '#coordinators';
import { AccessGrant, grantsProblems } from '#grants';
import { newId } from '#kernel';
import { keepRoutes } from './followed-requests.js';
import { PermissionRequest, RequestLine } from './permission-request.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text from outside can be an id at all; anything else is absent, not an error of the database. */
const isId = (text: unknown): text is string => typeof text === 'string' && uuid.test(text);

/** A request without its lines; undefined when there is none with this id. */
export async function findRequest(em: EntityManager, id: string): Promise<PermissionRequest | undefined> {
  if (!isId(id)) return undefined;
  return (await em.findOne(PermissionRequest, { id }, { disableIdentityMap: true })) ?? undefined;
}

/** The request and its lines as they are now, held until the transaction ends: whoever changes a request holds it first. */
export async function holdRequest(em: EntityManager, id: string): Promise<{ version: number; lines: RequestLine[] }> {
  const { version } = await em.findOneOrFail(
    PermissionRequest,
    { id },
    { disableIdentityMap: true, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return { version, lines: await linesOf(em, id) };
}

/** Lines in the order they were asked for. */
export const linesOf = (em: EntityManager, requestId: string): Promise<RequestLine[]> =>
  em.find(RequestLine, { request: requestId }, { disableIdentityMap: true, orderBy: { position: 'asc' } });

/** What a line asks for, and the way it goes first. */
export type NewLine = Pick<RequestLine, 'application' | 'role' | 'permission' | 'level' | 'code' | 'systemCode'> &
  Partial<Pick<RequestLine, 'approval' | 'duty' | 'excluded' | 'fromDay' | 'toDay' | 'extendsGrantId'>> & {
    routing: Routing;
  };

/** Writes a request with its lines, each with its deciders. */
export async function insertRequest(
  em: EntityManager,
  request: Omit<PermissionRequest, 'version' | 'enteredBy'> & Partial<Pick<PermissionRequest, 'enteredBy'>>,
  lines: NewLine[],
): Promise<void> {
  await em.insert(PermissionRequest, { ...request, version: 1 });
  const rows = lines.map((line, position) => ({
    ...line,
    id: newId(),
    request: request.id,
    position,
    status: 'pending' as const,
    stateDesk: line.routing.stateDesk,
  }));
  await em.insertMany(RequestLine, rows);
  const routed = rows.map(({ id: lineId, routing }) => ({ lineId, routing }));
  await keepRoutes(em, routed, request.submittedAt, '');
}

/** The next reference people can say on the phone. */
export async function nextReference(em: EntityManager, year: string): Promise<string> {
  const [row] = await em.execute<{ number: string }[]>(
    `select lpad(nextval('permission_request_reference')::text, 6, '0') as number`,
  );
  return `R-${year}-${row!.number}`;
}

/**
 * The staff members lines wait for, each with the lines; who is no longer in office is none of them.
 * @param day 'YYYY-MM-DD', today
 */
export async function decidersOf(
  em: EntityManager,
  lines: RequestLine[],
  day: string,
): Promise<Map<string, RequestLine[]>> {
  const rows = await em.execute<{ staff_member_id: string; line_ids: string[] }[]>(
    `select d.staff_member_id, array_agg(d.line_id::text) as line_ids from request_decider d join ${officeSeats} c on c.id = d.coordinator_id and ${assignmentInForce('c', '?')}
     where d.line_id in (select value::uuid from json_array_elements_text(?::json)) group by 1 order by 1`,
    [day, day, JSON.stringify(lines.map(({ id }) => id))],
  );
  return new Map(rows.map((row) => [row.staff_member_id, lines.filter(({ id }) => row.line_ids.includes(id))]));
}

/** Whether one of some lines is open and was ever routed to a staff member. */
export async function wasDecider(em: EntityManager, lineIds: string[], staffMemberId: string): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `select 1 from line_route w join request_line l on l.id = w.line_id and l.status = 'pending'
     where l.id in (select value::uuid from json_array_elements_text(?::json)) and w.routing @> ?::jsonb limit 1`,
    [JSON.stringify(lineIds), JSON.stringify({ deciders: [{ staffMemberId }] })],
  );
  return rows.length > 0;
}

/** Why lines were routed anew last; empty when they never were. */
export async function lastCause(em: EntityManager, lineIds: string[]): Promise<string> {
  const [row] = await em.execute<{ cause: string }[]>(
    `select cause from line_route where line_id in (select value::uuid from json_array_elements_text(?::json))
     order by at desc, id desc limit 1`,
    [JSON.stringify(lineIds)],
  );
  return row?.cause ?? '';
}

/** Takes back what is open of a request that is held; `settledVersion` is the version the request has from now on. */
export async function withdrawOpen(
  em: EntityManager,
  requestId: string,
  settledVersion: number,
  at: Date,
): Promise<void> {
  const withdrawn = { status: 'withdrawn' as const, decidedAt: at, settledVersion };
  await em.nativeUpdate(RequestLine, { request: requestId, status: 'pending' }, withdrawn);
  await em.nativeUpdate(PermissionRequest, { id: requestId }, { version: settledVersion });
}

/**
 * What was given to an account.
 * @throws grants.not-found (404), kept in the audit log
 */
export async function ownGrant(em: EntityManager, accountId: string, id: string): Promise<AccessGrant> {
  const grant = isId(id) ? await em.findOne(AccessGrant, { id, accountId }, { disableIdentityMap: true }) : undefined;
  if (grant) return grant;
  throw grantsProblems.notFound('This is no access of yours. Load "My access" again.', {
    refusal: { action: 'request.extend', target: `grant:${String(id).slice(0, 60)}` },
  });
}
