import { DaySweep } from '#requests';
import { holdRouting } from '#coordinators';
import { systemActor } from '#kernel';
import { Organisation } from '#sites';
import { laterDay } from './days.js';
import { takeOverWhereVacant } from './duty-rules.js';
import { verb } from './verb.js';
import { endWithPlaces, reroute } from './who-decides.js';
import { isLed, isOpen } from './world.js';

const closeSite = verb<{ site: string }>({
  draw: (world, choose) => ({ site: choose(['A1', 'A2', 'A2', 'B1', 'B1'])! }),
  model: (world, { site }) => {
    if (!isOpen(world, site)) return 'sites.closed';
    world.sites[site]!.open = false;
    endWithPlaces(world);
    return 'done';
  },
  act: (real, { site }) =>
    real.em.transactional(async (em) => {
      await holdRouting(em, 'everywhere', 'change');
      await real.get(Organisation).close(systemActor, { siteCode: real.code(site), reason: 'Storm damage.' });
    }),
});

const moveSite = verb<{ site: string; system: string }>({
  draw: (world, choose) => ({ site: choose(['A1', 'A2', 'B1'])!, system: choose(['A', 'B'])! }),
  model: (world, { site, system }) => {
    if (!isOpen(world, site)) return 'sites.closed';
    world.sites[site]!.system = system;
    endWithPlaces(world);
    reroute(world);
    return 'done';
  },
  act: (real, { site, system }) =>
    real.em.transactional(async (em) => {
      await holdRouting(em, 'everywhere', 'change');
      await real.get(Organisation).move(systemActor, { siteCode: real.code(site), systemCode: real.code(system) });
    }),
});

/** Midnight, and the sweep that follows it: statements lapse, covers and duties begin and end. */
const nextDay = verb<Record<string, never>>({
  alone: true,
  draw: () => ({}),
  model: (world) => {
    world.day = laterDay(world.day, 1);
    for (const grant of Object.values(world.grants))
      if (grant.to !== undefined && grant.to <= world.day) grant.state = 'ended';
    takeOverWhereVacant(world, ['A', 'B']);
    world.takenOver = world.takenOver.filter((system) => !isLed(world, system));
    reroute(world);
    return 'done';
  },
  act: async (real) => {
    real.nextDay();
    await real.get(DaySweep).followDays(real.today());
  },
});

/** What happens to places, and time. */
export const placeVerbs = { closeSite, moveSite, nextDay };
