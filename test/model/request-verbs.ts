import { newId } from '#kernel';
import { DecidingMany, RequestsService } from '#requests';
import { chosenLines, type Decide, decided } from './deciding.js';
import { type Choose, namesOf, verb } from './verb.js';
import { isOpen, type ModelRequest, type World } from './world.js';
import { reroute } from './who-decides.js';

/** What can be asked for: application, role, permissions. */
const wishes = [
  ['ser-iep-form', 'iep-form', ['iep-form-writer']],
  ['ser-iep-form', 'iep-form', ['iep-form-writer', 'iep-form-approver']],
  ['ser', 'ser-data', ['ser-data-reader']],
  ['ser', 'ser-data', ['ser-data-writer', 'ser-data-reader']],
  ['ser', 'ser-lasid', ['ser-lasid-writer']],
] as const;

interface Submit {
  by: string;
  application: string;
  role: string;
  permissions: readonly string[];
  place: string;
}

const submit = verb<Submit>({
  draw: (world, choose) => {
    const [application, role, permissions] = choose(wishes)!;
    const by = choose(['t1', 't1', 't2', 't2', 'n1', 'a1'])!;
    const place = choose(['A1', 'A1', 'A1', 'A2', 'B1', 'A'])!;
    return { by, application, role, permissions, place };
  },
  model: (world, { by, application, role, permissions, place }, name) => {
    if (!world.people[by]!.open) return 'requests.not-linked';
    if (!isOpen(world, place)) return 'sites.closed';
    const same = { application, place };
    const held = Object.values(world.grants).filter((one) => isSame(one, by, same) && one.state !== 'ended');
    if (held.some((one) => one.role !== role)) return 'grants.other-role';
    if (held.some(({ permission }) => permissions.includes(permission))) return 'grants.already-held';
    const open = Object.values(world.requests).filter(({ person }) => person === by);
    const waits = open.flatMap(({ lines }) => lines.filter(({ status }) => status === 'pending'));
    if (waits.some((line) => isSame({ ...line, person: by }, by, same) && permissions.includes(line.permission)))
      return 'requests.already-open';
    const asked = { application, role, place, status: 'pending', routed: [], deciders: [], desk: false };
    world.requests[name] = {
      person: by,
      version: 1,
      lines: permissions.map((permission) => ({ ...asked, permission })),
    };
    reroute(world);
    return 'done';
  },
  act: async (real, { by, application, role, permissions, place }, name) => {
    const wish = { application, role, permissions: [...permissions], location: real.location(place) };
    const { id } = await real.get(RequestsService).submit(real.actor(by), { wishes: [wish], formKey: newId() });
    await real.keepRequest(name, id);
  },
});

const isSame = (
  one: { person: string; application: string; place: string },
  person: string,
  { application, place }: { application: string; place: string },
): boolean => one.person === person && one.application === application && one.place === place;

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
  const waits = lines.flatMap(({ deciders }) => deciders);
  const by = choose([
    ...waits,
    ...waits,
    ...waits,
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
    decisions: chosenLines(lines, choose),
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
  draw: drawDecide,
  model: (world, { decisions, ...args }) => {
    const seen = decided(structuredClone(world), { ...args, decisions }, 'look');
    if (seen !== 'done') return seen;
    if (decided(world, { ...args, decisions }) === 'done') return 'done';
    if (decisions.length === 1) return decided(structuredClone(world), { ...args, decisions });
    let { version } = args;
    return decisions
      .map((decision) => {
        const outcome = decided(world, { ...args, version, decisions: [decision] });
        if (outcome === 'done') version = world.requests[args.request]!.version;
        return outcome;
      })
      .join(' ');
  },
  act: async (real, { by, request, version, decisions }) => {
    const many = real.decisions(request, decisions).map((one) => ({ ...one, version }));
    const results = await real.get(DecidingMany).decideMany(real.actor(by), many);
    const told = results.map(({ problem }) => problem?.code ?? 'done');
    return told.every((one) => one === 'done') || told.length === 1 ? told[0] : told.join(' ');
  },
});

/** What people do with requests. */
export const requestVerbs = { submit, withdraw, decide, decideMany };
