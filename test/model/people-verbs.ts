import { AccountsService } from '#accounts';
import { Departures } from '#compliance';
import { systemActor } from '#kernel';
import { takeOverWhereVacant } from './duty-rules.js';
import { namesOf, verb } from './verb.js';
import { mayDecide, reroute } from './who-decides.js';
import { isSigned, type World } from './world.js';

const reason = 'Retired.';
const everybody = ['t1', 't2', 'n1', 'a1', 'a2', 'x1', 'b1', 'b1'];

const leave = verb<{ by?: string; person: string }>({
  draw: (world, choose) => ({
    person: choose(['t1', 't1', 't2', 't2', 'n1', 'a1', 'a2', 'x1'])!,
    by: choose([undefined, 'desk', 'a1', 'n1']),
  }),
  model: (world, { by, person }) => {
    const where = world.people[person]!.employedAt;
    const refused = by === undefined ? undefined : leaveRefusal(world, by, person, where);
    if (refused) return refused;
    const live = namesOf(world.grants, (one) => one.person === person && one.state !== 'ended');
    const open = Object.values(world.requests).filter(
      (one) => one.person === person && one.lines.some(({ status }) => status === 'pending'),
    );
    const duties = endDuties(world, person);
    if (where === undefined && !live.length && !open.length && !duties) return 'compliance.already-left';
    delete world.people[person]!.employedAt;
    for (const name of live) world.grants[name]!.state = 'ended';
    for (const request of open) {
      request.version++;
      for (const line of request.lines)
        if (line.status === 'pending') Object.assign(line, { status: 'withdrawn', settled: request.version });
    }
    reroute(world);
    return 'done';
  },
  act: async (real, { by, person }) => {
    const actor = by === undefined ? systemActor : real.actor(by);
    const { result } = await real.get(Departures).end(actor, real.person(person), { reason });
    return result === 'left' ? 'done' : result;
  },
});

function leaveRefusal(world: World, by: string, person: string, where: string | undefined): string | undefined {
  const known = world.people[by]!.open;
  if (known && by === person) return 'compliance.not-yours';
  if (known && by === 'desk') return isSigned(world, by) ? undefined : 'coordinators.unsigned';
  const system = where === undefined ? undefined : world.sites[where]!.system;
  // Whoever coordinates all of the system; no application is called that.
  const leads = known && system !== undefined && mayDecide(world, by, [person], { application: 'any', place: system });
  return leads ? undefined : 'compliance.not-found';
}

/** @returns whether the person had any */
function endDuties(world: World, person: string): boolean {
  const seats = Object.values(world.seats).filter(
    (seat) => seat.person === person && !seat.ended && (seat.to ?? '9') > world.day,
  );
  const covers = Object.values(world.covers).filter(
    (one) => !one.ended && one.to > world.day && [one.person, world.seats[one.seat]!.person].includes(person),
  );
  for (const one of [...seats, ...covers]) one.ended = true;
  const led = seats.filter(({ reach, application }) => reach === 'system' && !application).map(({ system }) => system!);
  takeOverWhereVacant(world, led);
  return seats.length + covers.length > 0;
}

const turn = (open: boolean) =>
  verb<{ person: string }>({
    draw: (world, choose) => ({ person: choose(everybody)! }),
    model: (world, { person }) => {
      world.people[person]!.open = open;
      reroute(world);
      return 'done';
    },
    act: (real, { person }) => {
      const { accountId } = real.actor(person);
      const accounts = real.get(AccountsService);
      return open ? accounts.enable(systemActor, accountId, reason) : accounts.disable(systemActor, accountId, reason);
    },
  });

/** People leave; accounts are closed and opened again. */
export const peopleVerbs = { leave, disable: turn(false), enable: turn(true) };
