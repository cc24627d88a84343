import { newId } from '#kernel';
import { DecidingMany, RequestsService } from '#requests';
import { laterDay } from './days.js';
import { asked, unrouted, waits, wishes } from './asking.js';
import { chosenLines, type Decide, decided, isDecidedSo } from './deciding.js';
import { type Choose, namesOf, verb } from './verb.js';
import { isOpen, type ModelRequest, type ModelWish, type World } from './world.js';
import { reroute } from './who-decides.js';

interface Submit extends ModelWish {
  by: string;
  mayNarrow?: boolean;
}

const submit = verb<Submit>({
  draw: (world, choose) => {
    const [application, role, permissions] = choose(wishes)!;
    const by = choose(['t1', 't1', 't2', 't2', 'n1', 'a1'])!;
    const place = choose(['A1', 'A1', 'A1', 'A2', 'B1', 'A'])!;
    const to = choose([undefined, undefined, laterDay(world.day, 1), laterDay(world.day, 20)]);
    return { by, application, role, permissions, place, to, mayNarrow: choose([true, false])! };
  },
  model: (world, { by, mayNarrow = false, ...wish }, name) => asked(world, name, { person: by, mayNarrow }, wish),
  act: async (real, { by, mayNarrow, ...wish }, name) => {
    const form = { wishes: [real.wish(wish)], formKey: newId(), mayNarrow };
    const { id } = await real.get(RequestsService).submit(real.actor(by), form);
    await real.keepRequest(name, id);
  },
});

/** Access that ends is asked for longer. */
const extend = verb<{ by: string; grant: string; to: string }>({
  draw: (world, choose) => {
    const ending = namesOf(world.grants, ({ to, state }) => to !== undefined && state !== 'ended');
    const grant = choose([...ending, ...ending, ...ending, ...namesOf(world.grants)]);
    if (!grant) return undefined;
    const own = world.grants[grant]!.person;
    return { grant, by: choose([own, own, own, 't2'])!, to: laterDay(world.day, choose([1, 30, 60])!) };
  },
  model: (world, { by, grant: name, to }, made) => {
    const grant = world.grants[name]!;
    if (grant.person !== by) return 'grants.not-found';
    if (!world.people[by]!.open) return 'requests.not-linked';
    if (!isOpen(world, grant.place)) return 'sites.closed';
    if (grant.state === 'ended') return 'grants.not-found';
    if (grant.state !== 'active' || grant.to === undefined) return 'requests.not-extendable';
    if (to <= grant.to) return 'requests.bad-period';
    const { application, role, permission, place } = grant;
    if (waits(world, by, { application, place, permissions: [permission] })) return 'requests.already-open';
    const line = { application, role, permission, place, to, extends: name, ...unrouted };
    world.requests[made] = { person: by, mayNarrow: false, version: 1, lines: [line] };
    reroute(world);
    return 'done';
  },
  act: async (real, { by, grant, to }, name) => {
    const form = { grantId: real.id(grant), toDay: to, formKey: newId() };
    await real.keepRequest(name, (await real.get(RequestsService).extend(real.actor(by), form)).id);
  },
});

const withdraw = verb<{ by: string; request: string }>({
  draw: (world, choose) => {
    const request = choose(namesOf(world.requests));
    if (!request) return undefined;
    const by = choose([world.requests[request]!.person, world.requests[request]!.person, 't1', 'a1'])!;
    return { by, request };
  },
  model: (world, { by, request }) => {
    const asked = world.requests[request]!;
    if (asked.person !== by) return 'requests.not-found';
    const open = asked.lines.filter(({ status }) => status === 'pending');
    if (!open.length) return 'requests.nothing-open';
    asked.version++;
    for (const line of open) Object.assign(line, { status: 'withdrawn', settled: asked.version });
    return 'done';
  },
  act: (real, { by, request }) => real.get(RequestsService).withdraw(real.actor(by), real.id(request)),
});

const drawDecide = (world: World, choose: Choose): Decide | undefined => {
  const open = namesOf(world.requests, ({ lines }) => lines.some(({ status }) => status === 'pending'));
  const request = choose(open.length ? open : namesOf(world.requests));
  if (!request) return undefined;
  const { version, lines } = world.requests[request]!;
  const waiting = lines.flatMap(({ deciders }) => deciders);
  const by = choose([
    ...waiting,
    ...waiting,
    ...waiting,
    'n1',
    'a1',
    'a2',
    'b1',
    'desk',
    't2',
    ruler(world.requests[request]!),
  ])!;
  return {
    by,
    request,
    version: Math.max(1, version - choose([0, 0, 0, 0, 1])!),
    decisions: chosenLines(world, request, choose),
  };
};

/** Whoever asked: nobody decides for himself. */
const ruler = ({ person }: ModelRequest): string => person;

const decide = verb<Decide>({
  draw: drawDecide,
  model: (world, args) => decided(world, args),
  act: (real, { by, request, version, decisions }) =>
    real
      .get(RequestsService)
      .decide(real.actor(by), real.id(request), { version, decisions: real.decisions(request, decisions) }),
});

const decideMany = verb<Decide>({
  alone: true,
  draw: (world, choose) => {
    const drawn = drawDecide(world, choose);
    return (
      drawn && {
        ...drawn,
        decisions: drawn.decisions.map(([at, verdict]) => [at, verdict === 'narrow' ? 'approve' : verdict, []]),
      }
    );
  },
  model: (world, { decisions, ...args }) => {
    const seen = decided(structuredClone(world), { ...args, decisions }, 'look');
    if (seen !== 'done') return seen;
    const { lines } = world.requests[args.request]!;
    let { version } = args;
    /** What was decided so before counts as saved. */
    const tried = (some: Decide['decisions']): string => {
      const outcome = decided(world, { ...args, version, decisions: some });
      if (outcome === 'done') version = world.requests[args.request]!.version;
      else if (
        some.every(([at, verdict]) => lines[at]!.settled! > version && isDecidedSo(lines[at]!, args.by, verdict))
      ) {
        version = Math.max(...some.map(([at]) => lines[at]!.settled!));
        return 'done';
      }
      return outcome;
    };
    const all = tried(decisions);
    if (all === 'done' || decisions.length === 1) return all;
    ({ version } = args);
    const told = decisions.map((decision) => tried([decision]));
    return told.every((one) => one === 'done') ? 'done' : told.join(' ');
  },
  act: async (real, { by, request, version, decisions }) => {
    const many = real.decisions(request, decisions).map((one) => ({ ...one, version }));
    const results = await real.get(DecidingMany).decideMany(real.actor(by), many);
    const told = results.map(({ problem }) => problem?.code ?? 'done');
    return told.every((one) => one === 'done') || told.length === 1 ? told[0] : told.join(' ');
  },
});

/** What people do with requests. */
export const requestVerbs = { submit, extend, withdraw, decide, decideMany };
