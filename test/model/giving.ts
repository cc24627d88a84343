import { systemOf, type World } from './world.js';

/** Access that comes of an approved line, in place of another role where one is held. @returns why it cannot be given */
export function giving(
  world: World,
  request: string,
  at: number,
  { narrow, seen }: { narrow: boolean; seen: string[] },
): string | undefined {
  const { person, lines } = world.requests[request]!;
  const { application, role, permission: asked, place, to, extends: longer } = lines[at]!;
  if (to !== undefined && to <= world.day) return 'requests.not-grantable';
  if (longer !== undefined) {
    const grant = world.grants[longer]!;
    if (grant.state === 'ended' || grant.to === undefined || to! <= grant.to) return 'requests.not-grantable';
    grant.to = to;
    return undefined;
  }
  const permission = narrow ? 'ser-data-reader' : asked;
  const held = Object.entries(world.grants).filter(
    ([, one]) =>
      one.person === person && one.application === application && one.place === place && one.state !== 'ended',
  );
  const ending = held.filter(([, one]) => one.role !== role);
  if (ending.some(([name]) => !seen.includes(name))) return 'requests.changed';
  for (const [, one] of ending) one.state = 'ended';
  if (held.some(([, one]) => one.role === role && one.permission === permission)) return 'grants.already-held';
  const system = systemOf(world, place);
  world.grants[`${request}.${at}`] = { person, application, role, permission, place, system, to, state: 'active' };
  return undefined;
}
