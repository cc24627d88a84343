import type { EntityManager } from '@mikro-orm/postgresql';
import type { Deed } from '#audit';
import { batches } from '#kernel';
import { deciderKey, type OpenLine } from './followed-requests.js';
import type { RoutedRequest } from './open-routing.js';

/** A request that goes another way. */
export interface MovedRequest extends RoutedRequest {
  /** The lines that go it. */
  lineIds: string[];
  /** Staff members it waited for, and whether at the state desk. */
  before: string[];
  stateDesk: boolean;
}

/** The part of a request that goes another way now. */
export function movedOf(routed: RoutedRequest): MovedRequest[] {
  const { request, systemCode, routing } = routed;
  const now = routing.deciders.map(deciderKey).sort().join();
  const same = (line: OpenLine): boolean =>
    line.stateDesk === routing.stateDesk && line.deciders.map(deciderKey).sort().join() === now;
  const lines = request.lines.filter((line) => systemCode !== request.systemCode || !same(line));
  if (!lines.length) return [];
  const before = new Set(lines.flatMap((line) => line.deciders.map((one) => one.staffMemberId)));
  return [
    {
      ...routed,
      lineIds: lines.map(({ id }) => id),
      before: [...before].sort(),
      stateDesk: lines.some((line) => line.stateDesk),
    },
  ];
}

/** What the audit log keeps of it. */
export const deedOf = ({ request, lineIds, routing, before, stateDesk }: MovedRequest, cause: string): Deed => ({
  action: 'request.reroute',
  target: `request:${request.id}`,
  before: { deciders: before, stateDesk },
  after: { lines: lineIds, deciders: routing.deciders.map((one) => one.staffMemberId), stateDesk: routing.stateDesk },
  reason: cause,
});

/** Keeps which system answers for the place of each line now, where it is another than before. */
export async function keepAnswering(em: EntityManager, routed: RoutedRequest[]): Promise<void> {
  const others = routed.filter((one) => one.systemCode !== one.request.systemCode);
  for (const some of batches(others))
    await em.execute(
      `update request_line l set system_code = now.code
       from json_to_recordset(?::json) as now (id uuid, code text) where l.id = now.id`,
      [
        JSON.stringify(
          some.flatMap(({ request, systemCode }) => request.lines.map(({ id }) => ({ id, code: systemCode }))),
        ),
      ],
    );
}
