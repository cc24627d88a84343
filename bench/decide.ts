import type { NestExpressApplication } from '@nestjs/platform-express';
import pg from 'pg';
import { newId, type SignedIn } from '#kernel';
import { RequestLists, RequestsService } from '#requests';
import { createPortal } from '../apps/portal/src/create.js';
import { type BenchRow, inTurns, perSecond } from './bench-row.js';
import { startBenchSystem } from './bench-system.js';
import { seedId, seedRequests } from './request-seed.js';

const coordinators = 8;
const rounds = 5;
const roundTime = 4_000;
/** The first people are at the state desk and coordinators; then each asks once. */
const firstPerson = 5 + 2 * coordinators;

/** A request made and approved, as the statements the database saw; `person` is whose it was. */
interface Script {
  statements: string[];
  person: number;
}

/**
 * B4: a request end to end, submitted, routed, approved, granted, with audit entries and mails, by eight coordinators at a
 * time, each for people at a school system of their own; against bare clients that send the very same statements with other
 * ids and do nothing else.
 */
export async function run(): Promise<BenchRow[]> {
  const system = await startBenchSystem({ DATABASE_POOL: String(coordinators) });
  const url = system.settings.DATABASE_URL;
  await seedRequests(url, { requests: 0, open: 0, systems: coordinators, others: 60_000 });
  const portal = await createPortal(system.settings);
  const clients = await Promise.all(Array.from({ length: coordinators }, () => connected(url)));
  let person = firstPerson;
  try {
    const ours = (worker: number): Promise<void> => submitAndApprove(portal, worker, person++);
    const scripts: Script[] = [];
    for (let worker = 0; worker < coordinators; worker++) {
      await ours(worker);
      const who = person;
      scripts.push({ person: who, statements: await statementsOf(() => ours(worker)) });
    }
    const bare = async (worker: number): Promise<void> => {
      for (const statement of rewritten(scripts[worker]!, person++)) await clients[worker]!.query(statement);
    };
    await perSecond(coordinators, 1_500, bare);
    await perSecond(coordinators, 1_500, ours);
    const figures = await inTurns(
      rounds,
      () => perSecond(coordinators, roundTime, ours),
      () => perSecond(coordinators, roundTime, bare),
    );
    return [
      {
        id: 'B4',
        name: 'requests submitted and approved a second : the same statements alone',
        ...figures,
        goal: 'at least 0.5',
        note: `${scripts[0]!.statements.length} statements each; eight at a time; generator and PostgreSQL on the same CPUs`,
      },
    ];
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await portal.close();
    await system.stop();
  }
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

const actorOf = (n: number): SignedIn => ({ client: 'portal', accountId: seedId('a', n) });

/** One person asks at a school of the worker's system; its coordinator reads what waits for that person, and approves. */
async function submitAndApprove(portal: NestExpressApplication, worker: number, who: number): Promise<void> {
  const requests = portal.get(RequestsService, { strict: false });
  const wish = {
    application: 'ser-iep-form',
    role: 'iep-form',
    permissions: ['iep-form-writer'],
    location: { level: 'site' as const, code: `S${worker * 20}` },
  };
  const { id } = await requests.submit(actorOf(who), { wishes: [wish], formKey: newId() });
  const coordinator = actorOf(5 + 2 * worker);
  const lists = portal.get(RequestLists, { strict: false });
  const waiting = await lists.waitingFor(coordinator, { staffMemberId: seedId('p', who) });
  const [item] = waiting.filter((one) => one.id === id);
  const decisions = item!.lines.map((line) => ({ lineId: line.id, verdict: 'approve' as const }));
  await requests.decide(coordinator, id, { version: item!.version, decisions });
}

/** What a piece of work sends to the database, while nothing else does. */
async function statementsOf(work: () => Promise<void>): Promise<string[]> {
  const statements: string[] = [];
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
    const [first] = args as [string | { text: string; values?: unknown[] }];
    const { text, values } = typeof first === 'string' ? { text: first, values: args[1] } : first;
    if (Array.isArray(values) && values.length) throw new Error(`a statement with values apart: ${text}`);
    statements.push(text);
    return send.apply(this, args);
  } as typeof pg.Client.prototype.query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = send as typeof pg.Client.prototype.query;
  }
  return statements;
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The same for another person: that person's ids, new ones for all that was made, and another reference. */
function rewritten({ statements, person }: Script, other: number): string[] {
  const ids = new Map(['p', 'a', 'k'].map((kind) => [seedId(kind, person), seedId(kind, other)]));
  const idFor = (id: string): string => {
    if (kept.has(id)) return id;
    if (!ids.has(id)) ids.set(id, newId());
    return ids.get(id)!;
  };
  return statements.map((text) => text.replace(uuid, idFor).replace(/R-\d{4}-\d{6}/g, `R-${other}`));
}

/** What was there before: those who decide, with their accounts. */
const kept = new Set(
  Array.from({ length: firstPerson }, (_, n) => ['p', 'a', 'k', 'c', 'g'].map((kind) => seedId(kind, n))).flat(),
);
