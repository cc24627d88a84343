import type { EntityManager } from '@mikro-orm/postgresql';
import type { RouteMoment, RouteWay } from './request-views.js';

interface RouteRow {
  at: string;
  cause: string;
  line_id: string;
  deciders: RouteWay['deciders'];
  state_desk: boolean;
}

/** To whom lines of a request went, when and why, in order; what went together is one moment. */
export async function routeHistory(em: EntityManager, lineIds: string[]): Promise<RouteMoment[]> {
  const rows = await em.execute<RouteRow[]>(
    `select w.at, w.cause, w.line_id, w.routing -> 'deciders' as deciders, (w.routing ->> 'stateDesk')::boolean as state_desk
     from line_route w join request_line l on l.id = w.line_id
     where l.id in (select value::uuid from json_array_elements_text(?::json)) order by w.at, w.cause, l.position`,
    [JSON.stringify(lineIds)],
  );
  const moments: RouteMoment[] = [];
  for (const { at, cause, line_id: lineId, deciders, state_desk: stateDesk } of rows) {
    const when = new Date(at);
    let moment = moments.at(-1);
    if (moment?.at.getTime() !== when.getTime() || moment.cause !== cause)
      moments.push((moment = { at: when, cause, ways: [] }));
    const way = moment.ways.find((one) => keyOf(one) === keyOf({ deciders, stateDesk }));
    if (way) way.lineIds.push(lineId);
    else moment.ways.push({ lineIds: [lineId], deciders, stateDesk });
  }
  return moments;
}

const keyOf = ({ deciders, stateDesk }: Omit<RouteWay, 'lineIds'>): string =>
  `${stateDesk} ${deciders.map((one) => `${one.coordinatorId} ${one.coverId ?? ''}`).join()}`;
