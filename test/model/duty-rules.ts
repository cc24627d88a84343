import { reroute } from './who-decides.js';
import { inForce, isLed, isOpen, isSigned, type ModelSeat, type World } from './world.js';
import { laterDay } from './days.js';

interface CoverWish {
  by: string;
  seat: string;
  person: string;
  site?: string;
  from: string;
  to: string;
}

/** Why a cover cannot be named; undefined when it can. */
export function coverRefusal(world: World, cover: CoverWish): string | undefined {
  const { by, person } = cover;
  const seat = world.seats[cover.seat]!;
  if (!inForce(world, seat)) return 'coordinators.not-found';
  if (!world.people[by]!.open) return 'coordinators.not-yours';
  if (by !== seat.person && by !== 'desk') return 'coordinators.not-found';
  if (by !== seat.person && person === by) return 'coordinators.not-yours';
  if (by !== seat.person && !isSigned(world, by)) return 'coordinators.unsigned';
  if (seat.to !== undefined && cover.to > seat.to) return 'coordinators.wrong-cover';
  if (!holdsSite(world, seat, cover.site)) return 'coordinators.wrong-cover';
  if (person === seat.person || !isKnown(world, person, seat.system!) || !world.people[person]!.open)
    return 'coordinators.wrong-cover';
  return clash(world, cover);
}

function holdsSite(world: World, seat: ModelSeat, site: string | undefined): boolean {
  if (site === undefined) return true;
  if (seat.reach === 'site' && seat.site !== site) return false;
  return world.sites[site]!.open && world.sites[site]!.system === seat.system;
}

/** Works at an open site of the system, or is a coordinator there. */
const isKnown = (world: World, person: string, system: string): boolean => {
  const { employedAt } = world.people[person]!;
  return (
    (employedAt !== undefined && isOpen(world, employedAt) && world.sites[employedAt]!.system === system) ||
    Object.values(world.seats).some((seat) => seat.person === person && seat.system === system && inForce(world, seat))
  );
};

/** Nobody covers on days he is covered himself, or the reverse; one cover for one thing at a time. */
function clash(world: World, wish: CoverWish): string | undefined {
  const absent = world.seats[wish.seat]!.person;
  const others = Object.values(world.covers).filter(
    (one) => !one.ended && !world.seats[one.seat]!.ended && one.from < wish.to && one.to > wish.from,
  );
  if (others.some(({ seat }) => world.seats[seat]!.person === wish.person)) return 'coordinators.wrong-cover';
  if (others.some(({ person }) => person === absent)) return 'coordinators.wrong-cover';
  const same = others.some(
    ({ seat, site }) => seat === wish.seat && (site === undefined || wish.site === undefined || site === wish.site),
  );
  return same ? 'coordinators.covered-already' : undefined;
}

/** Whether somebody else leads a system on every day one would no longer be there. */
function ledWithout(world: World, name: string, from: string): boolean {
  const { system, to } = world.seats[name]!;
  const others = Object.entries(world.seats).filter(
    ([other, seat]) =>
      other !== name && seat.reach === 'system' && seat.system === system && !seat.application && !seat.ended,
  );
  // Nothing in this world ends later than in a few weeks.
  for (let day = from; day < (to ?? laterDay(world.day, 40)); day = laterDay(day, 1))
    if (!others.some(([, seat]) => seat.to === undefined || seat.to > day)) return false;
  return true;
}

const counts = (seat: ModelSeat): boolean => seat.reach === 'system' && seat.application === undefined;

/** Ends a seat now or on a day; nobody is the last one of a system to go, unless the state takes over (CO-6). */
export function endSeat(world: World, name: string, { day, takeOver }: { day?: string; takeOver?: boolean }): string {
  const seat = world.seats[name]!;
  if (!inForce(world, seat)) return 'coordinators.already-ended';
  if (day !== undefined && seat.to !== undefined && day >= seat.to) return 'coordinators.wrong-scope';
  const alone = counts(seat) && !world.takenOver.includes(seat.system!) && !ledWithout(world, name, day ?? world.day);
  if (alone && !takeOver) return 'coordinators.last-one';
  if (day !== undefined) {
    seat.to = day;
    return 'done';
  }
  seat.ended = true;
  if (counts(seat)) takeOverWhereVacant(world, [seat.system!]);
  reroute(world);
  return 'done';
}

/** The state stands in where nobody leads. */
export function takeOverWhereVacant(world: World, systems: string[]): void {
  const vacant = systems.filter((system) => !isLed(world, system));
  world.takenOver = [...new Set([...world.takenOver, ...vacant])].sort();
}
