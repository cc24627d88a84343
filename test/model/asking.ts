import { reroute } from './who-decides.js';
import { isOpen, type ModelLine, type ModelRequest, type ModelWish, type World } from './world.js';

/** What can be asked for: application, role, permissions. */
export const wishes = [
  ['ser-iep-form', 'iep-form', ['iep-form-writer']],
  ['ser-iep-form', 'iep-form', ['iep-form-writer', 'iep-form-approver']],
  ['ser', 'ser-data', ['ser-data-reader']],
  ['ser', 'ser-data', ['ser-data-writer', 'ser-data-reader']],
  ['ser', 'ser-lasid', ['ser-lasid-writer']],
] as const;

/** A line before anybody knows where it goes. */
export const unrouted: Pick<ModelLine, 'status' | 'routed' | 'deciders' | 'desk'> = {
  status: 'pending',
  routed: [],
  deciders: [],
  desk: false,
};

/** Whether one of some permissions is asked for by a person already. */
export const waits = (
  world: World,
  person: string,
  { application, place, permissions }: Pick<ModelWish, 'application' | 'place' | 'permissions'>,
): boolean =>
  Object.values(world.requests)
    .filter((request) => request.person === person)
    .flatMap(({ lines }) => lines.filter(({ status }) => status === 'pending'))
    .some((line) => line.application === application && line.place === place && permissions.includes(line.permission));

/** What becomes of a request of a person. */
export function asked(
  world: World,
  name: string,
  { person, ...terms }: Pick<ModelRequest, 'person' | 'enteredBy' | 'mayNarrow'>,
  { permissions, ...wish }: ModelWish,
): string {
  const { application, role, place } = wish;
  if (!world.people[person]!.open) return 'requests.not-linked';
  if (!isOpen(world, place)) return 'sites.closed';
  const held = Object.values(world.grants).some(
    (one) =>
      one.person === person &&
      one.application === application &&
      one.place === place &&
      one.role === role &&
      one.state !== 'ended' &&
      permissions.includes(one.permission),
  );
  if (held) return 'grants.already-held';
  if (waits(world, person, { application, place, permissions })) return 'requests.already-open';
  const lines = permissions.map((permission) => ({ ...wish, ...unrouted, permission }));
  world.requests[name] = { person, ...terms, version: 1, lines };
  reroute(world);
  return 'done';
}
