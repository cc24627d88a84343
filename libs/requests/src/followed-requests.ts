import type { EntityManager } from '@mikro-orm/postgresql';
import type { Routing } from '#coordinators';
import { batches, newId } from '#kernel';
import type { Location } from '#sites';

/** Which open requests a change may concern. */
export interface OpenScope {
  systems: string[] | 'everywhere';
  /** Sites that closed, whatever system they are in. */
  closedSites?: string[];
  /** Only these requests. */
  requestIds?: string[];
}

/** An open request with its open lines and whom each waits for. */
export interface OpenRequest {
  id: string;
  reference: string;
  staffMemberId: string;
  application: string;
  level: Location['level'];
  code: string;
  systemCode: string;
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

/**
 * Open requests of the systems, whether a system answers for the place now, did when the request was last routed, or ever
 * owned or served its site: rather one too many than one forgotten. In one order.
 * @param hold locks them until the transaction ends
 */
export async function openRequests(em: EntityManager, concerned: OpenScope, hold: boolean): Promise<OpenRequest[]> {
  const everywhere = concerned.systems === 'everywhere';
  const systems = JSON.stringify(everywhere ? [] : concerned.systems);
  const requests = await em.execute<Omit<OpenRequest, 'lines'>[]>(
    `with concerned as (select value as code from json_array_elements_text(?::json))
     select r.id, r.reference, r.staff_member_id as "staffMemberId", r.application, r.level, r.code, r.system_code as "systemCode"
     from permission_request r
     where exists (select 1 from request_line l where l.request_id = r.id and l.status = 'pending')
       ${
         everywhere
           ? ''
           : `and (r.system_code in (select code from concerned)
         or (r.level = 'system' and r.code in (select code from concerned))
         or (r.level = 'site' and r.code in (
           select site_code from site_parent where system_code in (select code from concerned)
           union select site_code from site_serving where system_code in (select code from concerned)
           union select value from json_array_elements_text(?::json))))`
       }
       ${concerned.requestIds ? `and r.id in (select value::uuid from json_array_elements_text(?::json))` : ''}
     order by r.id ${hold ? 'for update of r' : ''}`,
    [
      systems,
      ...(everywhere ? [] : [JSON.stringify(concerned.closedSites ?? [])]),
      ...(concerned.requestIds ? [JSON.stringify(concerned.requestIds)] : []),
    ],
  );
  const lines = await openLines(
    em,
    requests.map(({ id }) => id),
  );
  // A request that was decided while we waited for it has no open line any more.
  return requests.map((one) => ({ ...one, lines: lines.get(one.id) ?? [] })).filter((one) => one.lines.length);
}

async function openLines(em: EntityManager, requestIds: string[]): Promise<Map<string, OpenLine[]>> {
  const found = new Map<string, OpenLine[]>();
  for (const ids of batches(requestIds)) {
    const rows = await em.execute<(OpenLine & { requestId: string })[]>(
      `select l.id, l.request_id as "requestId", l.state_desk as "stateDesk",
         coalesce((select max(c.passed_row) from request_clock c where c.line_id = l.id), 0) as passed, coalesce((
         select json_agg(json_build_object('staffMemberId', d.staff_member_id, 'coordinatorId', d.coordinator_id, 'coverId', d.cover_id))
         from request_decider d where d.line_id = l.id), '[]') as deciders
       from request_line l where l.status = 'pending' and l.request_id in (select value::uuid from json_array_elements_text(?::json))
       order by l.request_id, l.position`,
      [JSON.stringify(ids)],
    );
    for (const { requestId, ...line } of rows) {
      const lines = found.get(requestId) ?? [];
      found.set(requestId, [...lines, line]);
    }
  }
  return found;
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
