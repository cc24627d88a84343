import type { EntityManager } from '@mikro-orm/postgresql';
import type { NamedDecider } from '#coordinators';
import type { RouteMoment } from './request-views.js';

interface RouteRow {
  at: string;
  cause: string;
  permission: string;
  deciders: NamedDecider[];
  state_desk: boolean;
}

/**
 * To whom a request went, when and why, in order; lines that went together are one moment.
 * @param nameOf a permission in people's words
 */
export async function routeHistory(
  em: EntityManager,
  requestId: string,
  nameOf: (permission: string) => string,
): Promise<RouteMoment[]> {
  const rows = await em.execute<RouteRow[]>(
    `select w.at, w.cause, l.permission, w.routing -> 'deciders' as deciders, (w.routing ->> 'stateDesk')::boolean as state_desk
     from line_route w join request_line l on l.id = w.line_id where l.request_id = ? order by w.at, w.cause, l.position`,
    [requestId],
  );
  const moments: RouteMoment[] = [];
  for (const { at, cause, permission, deciders, state_desk: stateDesk } of rows) {
    const last = moments.at(-1);
    const when = new Date(at);
    if (last?.at.getTime() === when.getTime() && last.cause === cause) last.permissions.push(nameOf(permission));
    else moments.push({ at: when, cause, permissions: [nameOf(permission)], deciders, stateDesk });
  }
  return moments;
}
