import type { EntityManager } from '@mikro-orm/postgresql';
import type { Routing, StepDuty } from '#coordinators';
import { batches, newId } from '#kernel';
import type { Location } from '#sites';
import { routeKey, togetherBy } from './together.js';

/** Which open requests a change may concern. */
export interface OpenScope {
  systems: string[] | 'everywhere';
  /** Sites that closed, whatever system they are in. */
  closedSites?: string[];
  /** Only these requests. */
  requestIds?: string[];
}

/** What is open of a request in one application at one place, with whom each line waits for: it goes one way. */
export interface OpenRequest {
  id: string;
  reference: string;
  staffMemberId: string;
  application: string;
  level: Location['level'];
  code: string;
  systemCode: string;
  /** The duty whose step it waits for; null for the coordinators'. */
  duty: StepDuty | null;
  /** Staff members beside the requester who may not decide it. */
  excluded: string[];
  lines: OpenLine[];
}

/** A line that waits. */
export interface OpenLine {
  id: string;
  stateDesk: boolean;
  /** The row of docs/routing.md up to which it was asked in vain; 0 at first. */
  passed: number;
  deciders: Pick<Routing['deciders'][number], 'staffMemberId' | 'coordinatorId' | 'coverId'>[];
}

/** What tells one decider of a line from another. */
export const deciderKey = ({ staffMemberId, coordinatorId, coverId }: OpenLine['deciders'][number]): string =>
  `${staffMemberId} ${coordinatorId} ${coverId ?? ''}`;

type Held = Pick<OpenRequest, 'id' | 'reference' | 'staffMemberId'>;
type Placed = Pick<OpenRequest, 'application' | 'level' | 'code' | 'systemCode' | 'duty' | 'excluded'>;
type LineRow = OpenLine & Placed & { requestId: string };

/**
 * Open lines of the systems, whether a system answers for the place now, did when the line was last routed, or ever owned
 * or served its site: rather one too many than one forgotten. In one order.
 * @param hold locks their requests until the transaction ends
 */
export async function openRequests(em: EntityManager, concerned: OpenScope, hold: boolean): Promise<OpenRequest[]> {
  const [concerns, values] = concernedLines(concerned);
  const requests = await em.execute<Held[]>(
    `select r.id, r.reference, r.staff_member_id as "staffMemberId" from permission_request r
     where exists (select 1 from request_line l where l.request_id = r.id and l.status = 'pending' and ${concerns})
     order by r.id ${hold ? 'for update of r' : ''}`,
    values,
  );
  const open: OpenRequest[] = [];
  for (const some of batches(requests)) {
    // Read after the lock: a request that was decided while we waited for it has no open line any more.
    const rows = await openLines(em, some, concerns, values);
    const lines = new Map(togetherBy(rows, ({ requestId }) => requestId).map((own) => [own[0]!.requestId, own]));
    for (const request of some)
      for (const same of togetherBy(lines.get(request.id) ?? [], routeKey)) open.push(openRequest(request, same));
  }
  return open;
}

function openRequest(request: Held, lines: LineRow[]): OpenRequest {
  const { application, level, code, systemCode, duty, excluded } = lines[0]!;
  return { ...request, application, level, code, systemCode, duty, excluded, lines };
}

/** Which lines l a change concerns, as SQL with its values. */
function concernedLines({ systems, closedSites = [], requestIds }: OpenScope): [sql: string, values: string[]] {
  const [only, ids]: [string, string[]] = requestIds
    ? [`l.request_id in (select value::uuid from json_array_elements_text(?::json))`, [JSON.stringify(requestIds)]]
    : ['true', []];
  if (systems === 'everywhere') return [only, ids];
  const codes = `select value from json_array_elements_text(?::json)`;
  const wanted = JSON.stringify(systems);
  return [
    `${only} and (l.system_code in (${codes}) or (l.level = 'system' and l.code in (${codes}))
      or (l.level = 'site' and l.code in (
        select site_code from site_parent where system_code in (${codes})
        union select site_code from site_serving where system_code in (${codes})
        union ${codes})))`,
    [...ids, wanted, wanted, wanted, wanted, JSON.stringify(closedSites)],
  ];
}

async function openLines(em: EntityManager, requests: Held[], concerns: string, values: string[]): Promise<LineRow[]> {
  return em.execute<LineRow[]>(
    `select l.id, l.request_id as "requestId", l.application, l.level, l.code, l.system_code as "systemCode", l.state_desk as "stateDesk", l.duty, l.excluded,
       coalesce((select max(c.passed_row) from request_clock c where c.line_id = l.id
         and c.at > coalesce((select max(s.decided_at) from line_step s where s.line_id = l.id), '-infinity')), 0) as passed, coalesce((
         select json_agg(json_build_object('staffMemberId', d.staff_member_id, 'coordinatorId', d.coordinator_id, 'coverId', d.cover_id))
         from request_decider d where d.line_id = l.id), '[]') as deciders
       from request_line l where l.status = 'pending' and ${concerns}
         and l.request_id in (select value::uuid from json_array_elements_text(?::json))
       order by l.request_id, l.position`,
    [...values, JSON.stringify(requests.map(({ id }) => id))],
  );
}

/** A line with the way it goes now. */
export interface RoutedLine {
  lineId: string;
  routing: Routing;
}

/** Writes a way of lines to the history, with the people each waits for. */
export async function keepRoutes(em: EntityManager, routed: RoutedLine[], at: Date, cause: string): Promise<void> {
  for (const some of batches(routed, 500)) {
    const rows = JSON.stringify(
      some.map(({ lineId, routing }) => ({ id: newId(), line: lineId, routing, deciders: routing.deciders })),
    );
    await em.execute(
      `insert into line_route (id, line_id, at, cause, routing)
       select id, line, ?, ?, routing from json_to_recordset(?::json) as way (id uuid, line uuid, routing jsonb)`,
      [at, cause, rows],
    );
    await em.execute(
      `insert into request_decider (line_id, staff_member_id, coordinator_id, cover_id)
       select way.line, who."staffMemberId", who."coordinatorId", who."coverId"
       from json_to_recordset(?::json) as way (line uuid, deciders json),
         json_to_recordset(way.deciders) as who ("staffMemberId" uuid, "coordinatorId" uuid, "coverId" uuid)`,
      [rows],
    );
  }
}

/** Sends open lines another way: what was found last, in place of what was found before. */
export async function changeRoutes(em: EntityManager, routed: RoutedLine[], at: Date, cause: string): Promise<void> {
  for (const some of batches(routed, 500)) {
    const rows = JSON.stringify(some.map(({ lineId, routing }) => ({ id: lineId, routing, desk: routing.stateDesk })));
    await em.execute(
      `update request_line l set routing = way.routing, state_desk = way.desk
       from json_to_recordset(?::json) as way (id uuid, routing jsonb, desk boolean) where l.id = way.id and l.status = 'pending'`,
      [rows],
    );
    await em.execute(
      `delete from request_decider where line_id in (select id from json_to_recordset(?::json) as way (id uuid))`,
      [rows],
    );
  }
  await keepRoutes(em, routed, at, cause);
}
