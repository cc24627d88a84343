import {
  covering,
  inForce,
  isOpen,
  isSigned,
  isSite,
  type ModelLine,
  type ModelRequest,
  type ModelSeat,
  systemOf,
  type World,
} from './world.js';

/* The table of docs/routing.md, read row by row: the model's own answer to who decides and who may. */

type Thing = Pick<ModelLine, 'application' | 'place'>;

/** An own seat, or one borrowed by standing in, with whom it is borrowed from. */
interface Scope extends Pick<ModelSeat, 'reach' | 'system' | 'site' | 'application'> {
  from?: string;
}

function holds(world: World, scope: Scope, { application, place }: Thing): boolean {
  if (scope.application !== undefined && scope.application !== application) return false;
  if (scope.reach === 'state') return true;
  if (scope.system !== systemOf(world, place)) return false;
  return scope.reach === 'system' || (isSite(place) && scope.site === place);
}

/** What a person holds today, own and borrowed. A cover for one site never holds more than the site. */
function scopesOf(world: World, person: string): Scope[] {
  const own = Object.values(world.seats).filter((seat) => seat.person === person && inForce(world, seat));
  const borrowed = Object.values(world.covers)
    .filter((cover) => cover.person === person && covering(world, cover))
    .map(({ seat, site }) => ({ seat: world.seats[seat]!, site }))
    .filter(({ seat }) => inForce(world, seat))
    .map(({ seat, site }): Scope => {
      const { person: from, ...scope } = seat;
      return site === undefined ? { ...scope, from } : { ...scope, reach: 'site', site, from };
    });
  return [...own, ...borrowed];
}

/**
 * Whether a person has anything that holds a thing; nothing about statements.
 * @param barred who may never decide it, nor anybody in their place: whoever asked, and whoever entered it
 */
export const hasScope = (world: World, person: string, barred: string[], thing: Thing): boolean =>
  !barred.includes(person) &&
  scopesOf(world, person).some(({ from, ...scope }) => !(from && barred.includes(from)) && holds(world, scope, thing));

/** Whether a person may decide a thing now. */
export const mayDecide = (world: World, person: string, barred: string[], thing: Thing): boolean =>
  hasScope(world, person, barred, thing) && isSigned(world, person);

const canAct = (world: World, person: string): boolean => world.people[person]!.open && isSigned(world, person);

/** Who of a seat decides a thing: its coordinator, or whoever stands in. */
function sitting(world: World, [name, seat]: [string, ModelSeat], barred: string[], thing: Thing): string[] {
  if (!inForce(world, seat) || !holds(world, seat, thing) || barred.includes(seat.person)) return [];
  const covers = Object.values(world.covers).filter(
    (cover) =>
      cover.seat === name && covering(world, cover) && (cover.site === undefined || cover.site === thing.place),
  );
  const people = covers.length ? covers.map(({ person }) => person) : [seat.person];
  return people.filter((person) => !barred.includes(person) && canAct(world, person));
}

const rows: [ModelSeat['reach'], boolean][] = (['site', 'system', 'state'] as const).flatMap((reach) => [
  [reach, true],
  [reach, false],
]);

/** The first row with somebody in it. */
function whoDecides(world: World, barred: string[], thing: Thing): Pick<ModelLine, 'deciders' | 'desk'> {
  for (const [reach, limited] of rows) {
    const seats = Object.entries(world.seats).filter(
      ([, seat]) => seat.reach === reach && (seat.application !== undefined) === limited,
    );
    const people = seats.flatMap((seat) => sitting(world, seat, barred, thing));
    if (people.length) return { deciders: [...new Set(people)].sort(), desk: reach === 'state' };
  }
  return { deciders: [], desk: true };
}

/** Who never decides a request. */
export const barredFrom = ({ person, enteredBy }: ModelRequest): string[] =>
  enteredBy ? [person, enteredBy] : [person];

/** Sends every open line where it belongs now. */
export function reroute(world: World): void {
  for (const request of Object.values(world.requests))
    for (const line of request.lines) {
      if (line.status !== 'pending') continue;
      Object.assign(line, whoDecides(world, barredFrom(request), line));
      line.routed = [...new Set([...line.routed, ...line.deciders])].sort();
    }
}

/** Ends what places no longer allow: grants where the place closed or another system answers for it. */
export function endWithPlaces(world: World): void {
  for (const grant of Object.values(world.grants))
    if (!isOpen(world, grant.place) || systemOf(world, grant.place) !== grant.system) grant.state = 'ended';
}
