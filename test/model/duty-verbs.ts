import { Appointments, CoverService, StatementService } from '#coordinators';
import { systemActor } from '#kernel';
import { laterDay, yearAfter } from './days.js';
import { namesOf, verb } from './verb.js';
import { reroute } from './who-decides.js';
import { coverRefusal, endSeat } from './duty-rules.js';
import { inForce, isLed, isOpen, isSigned, type ModelSeat } from './world.js';

const reason = 'Moves to another place.';

interface NameCover {
  by: string;
  seat: string;
  person: string;
  site?: string;
  from: string;
  to: string;
}

const nameCover = verb<NameCover>({
  draw: (world, choose) => {
    const seat = choose(['n1', 'a1', ...namesOf(world.seats, ({ reach }) => reach !== 'state')])!;
    const own = world.seats[seat]!.person;
    const person = choose(['a2', 'a2', 'n1', 't1', 't2', 'x1', 'b1', own])!;
    const site = choose([undefined, undefined, undefined, 'A1', 'A2']);
    const from = laterDay(world.day, choose([0, 0, 0, 1])!);
    return {
      by: choose([own, own, own, 'desk', 'a1'])!,
      seat,
      person,
      site,
      from,
      to: laterDay(from, choose([1, 2, 30])!),
    };
  },
  model: (world, cover, name) => {
    const refused = coverRefusal(world, cover);
    if (refused) return refused;
    const { by: _, ...terms } = cover;
    world.covers[name] = { ...terms, ended: false };
    reroute(world);
    return 'done';
  },
  act: async (real, { by, seat, person, site, from, to }, name) => {
    const siteCodes = site === undefined ? undefined : [real.code(site)];
    const people = { coordinatorId: real.id(`seat ${seat}`), staffMemberId: real.person(person) };
    const id = await real.get(CoverService).name(real.actor(by), { ...people, siteCodes, fromDay: from, toDay: to });
    real.keep(`cover ${name}`, id);
  },
});

const endCover = verb<{ by: string; cover: string }>({
  draw: (world, choose) => {
    const cover = choose(namesOf(world.covers));
    if (!cover) return undefined;
    const { person, seat } = world.covers[cover]!;
    return { cover, by: choose([person, world.seats[seat]!.person, 'desk', 'b1'])! };
  },
  model: (world, { by, cover: name }) => {
    const cover = world.covers[name]!;
    const seat = world.seats[cover.seat]!;
    if (cover.ended || cover.to <= world.day || !inForce(world, seat)) return 'coordinators.not-found';
    if (!world.people[by]!.open) return 'coordinators.not-yours';
    if (![cover.person, seat.person, 'desk'].includes(by)) return 'coordinators.not-found';
    if (by === 'desk' && !isSigned(world, by)) return 'coordinators.unsigned';
    cover.ended = true;
    reroute(world);
    return 'done';
  },
  act: (real, { by, cover }) => real.get(CoverService).end(real.actor(by), real.id(`cover ${cover}`)),
});

interface Leave {
  /** Absent: an operator. */
  by?: string;
  seat: string;
  day?: string;
  takeOver?: boolean;
}

const standDown = verb<Leave>({
  draw: (world, choose) => {
    const seat = choose(namesOf(world.seats, ({ reach }) => reach !== 'state'))!;
    const own = world.seats[seat]!.person;
    return { seat, by: choose([own, own, own, 'b1'])!, day: choose([undefined, undefined, laterDay(world.day, 1)]) };
  },
  model: (world, { by, seat, day }) => {
    if (world.seats[seat]!.person !== by || !world.people[by]!.open) return 'coordinators.not-found';
    return endSeat(world, seat, { day });
  },
  act: (real, { by, seat, day }) =>
    real.get(Appointments).standDown(real.actor(by!), real.id(`seat ${seat}`), { reason, day }),
});

const endDuty = verb<Leave>({
  draw: (world, choose) => ({
    seat: choose(namesOf(world.seats, ({ reach }) => reach !== 'state'))!,
    by: choose([undefined, 'desk', 'desk', 'a1']),
    day: choose([undefined, undefined, laterDay(world.day, 1)]),
    takeOver: choose([true, false, false]),
  }),
  model: (world, { by, seat, ...how }) => {
    if (by !== undefined && (by !== 'desk' || !world.people[by]!.open)) return 'coordinators.not-yours';
    if (by !== undefined && !isSigned(world, by)) return 'coordinators.unsigned';
    return endSeat(world, seat, how);
  },
  act: (real, { by, seat, ...how }) =>
    real
      .get(Appointments)
      .end(by === undefined ? systemActor : real.actor(by), real.id(`seat ${seat}`), { reason, ...how }),
});

const designate = verb<Omit<ModelSeat, 'ended'>>({
  draw: (world, choose) => {
    const person = choose(['a1', 'a2', 'n1', 't2', 'b1'])!;
    const site = choose(['A1', 'A2', 'B1'])!;
    return choose([
      { person, reach: 'system', system: choose(['A', 'B'])! },
      { person, reach: 'site', site },
    ] as const)!;
  },
  model: (world, { person, reach, system, site }, name) => {
    if (site !== undefined && !isOpen(world, site)) return 'sites.closed';
    const where = site === undefined ? system! : world.sites[site]!.system;
    const same = (one: ModelSeat): boolean => one.person === person && one.reach === reach && one.system === where;
    if (namesOf(world.seats, (one) => same(one) && one.site === site && !one.application && inForce(world, one)).length)
      return 'coordinators.already';
    world.seats[name] = { person, reach, system: where, site, ended: false };
    world.takenOver = world.takenOver.filter((code) => code !== where || !isLed(world, code));
    reroute(world);
    return 'done';
  },
  act: async (real, { person, reach, system, site }, name) => {
    const scope = site === undefined ? { systemCode: real.code(system!) } : { siteCodes: [real.code(site)] };
    const id = await real
      .get(Appointments)
      .designate(systemActor, { staffMemberId: real.person(person), reach, ...scope });
    real.keep(`seat ${name}`, id);
  },
});

const sign = verb<{ by: string }>({
  draw: (world, choose) => ({ by: choose(['a2', 'x1', 't2', 't1'])! }),
  model: (world, { by }) => {
    if (!world.people[by]!.open) return 'coordinators.not-found';
    world.people[by]!.signedUntil = yearAfter(world.day);
    reroute(world);
    return 'done';
  },
  act: (real, { by }) => real.get(StatementService).sign(real.actor(by), real.get(StatementService).text().version),
});

/** What coordinators, and the state office about them, do. */
export const dutyVerbs = { nameCover, endCover, standDown, endDuty, designate, sign };
