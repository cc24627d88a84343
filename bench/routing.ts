import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { type RoutingLine, snapshotOf, whoDecides, CoordinatorsService } from '#coordinators';
import { databaseOptions } from '#database';
import { Clock, localDay } from '#kernel';
import type { BenchRow } from './bench-row.js';
import { startBenchSystem } from './bench-system.js';

const systemCount = 20_000;
const siteCount = 120_000;
const coordinatorCount = 100_000;
const lineCount = 200_000;
const askedOnce = 1_000;

/** B8: who decides, at the size of the country: from one snapshot in memory, and one line asked of the database. */
export async function run(): Promise<BenchRow[]> {
  const system = await startBenchSystem();
  const orm = await MikroORM.init(databaseOptions(system.settings));
  try {
    const em = orm.em.fork();
    const sites = sitesOfCountry();
    await seed(em, sites);
    const lines = Array.from({ length: lineCount }, () => lineAt(sites));
    const clock = new Clock();

    const begun = performance.now();
    const snapshot = await snapshotOf(em, 'everywhere', localDay(clock.now()));
    const built = performance.now() - begun;
    const inMemory = timesOf(lines, (line) => whoDecides(snapshot, line));

    const service = new CoordinatorsService(em, clock);
    const asked: number[] = [];
    for (const line of lines.slice(0, askedOnce)) {
      const at = performance.now();
      await service.whoDecides(line);
      asked.push(performance.now() - at);
    }
    const size = `${systemCount.toLocaleString('en-US')} systems, ${siteCount.toLocaleString('en-US')} sites, ${coordinatorCount.toLocaleString('en-US')} coordinators`;
    return [
      row(
        'whoDecides from a snapshot, p99',
        inMemory,
        'p99 under 1 ms',
        `${size}; the largest system has ${sites.largest} sites; no query`,
      ),
      row('who decides one line now, asked of PostgreSQL, p99', asked, 'p99 under 10 ms', 'one statement'),
      {
        id: 'B8',
        name: 'snapshot of the whole country',
        ours: shown(built),
        baseline: '-',
        goal: 'under 10 s',
        note: 'a change needs the systems it touches only',
      },
    ];
  } finally {
    await orm.close();
    await system.stop();
  }
}

const shown = (milliseconds: number): string =>
  milliseconds >= 100 ? `${(milliseconds / 1000).toFixed(2)} s` : `${milliseconds.toFixed(3)} ms`;

function row(name: string, times: number[], goal: string, about: string): BenchRow {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number): string => shown(sorted[Math.floor(sorted.length * share)]!);
  return {
    id: 'B8',
    name,
    ours: at(0.99),
    baseline: '-',
    goal,
    note: `${about}; median ${at(0.5)}, longest ${shown(sorted.at(-1)!)}`,
  };
}

/** The best of three, because other work on the machine comes between. */
function timesOf(lines: RoutingLine[], work: (line: RoutingLine) => unknown): number[] {
  for (const line of lines.slice(0, 20_000)) work(line); // until the compiler has seen everything
  const once = (line: RoutingLine): number => {
    const at = performance.now();
    work(line);
    return performance.now() - at;
  };
  return lines.map((line) => Math.min(once(line), once(line), once(line)));
}

interface Country {
  /** Number of the system of each site. */
  systems: Int32Array;
  largest: number;
}

/** Few systems with many hundred sites, many with two or three, as in the federal files. */
function sitesOfCountry(): Country {
  const weights = Array.from({ length: systemCount }, (_, at) => (at + 1) ** -0.6);
  const sum = weights.reduce((all, one) => all + one);
  const systems = new Int32Array(siteCount);
  let used = 0;
  let until = 0;
  weights.forEach((weight, system) => {
    until += (weight / sum) * siteCount;
    while (used < siteCount && used < Math.max(Math.round(until), system + 1)) systems[used++] = system;
  });
  return { systems, largest: systems.filter((system) => system === 0).length };
}

const codeOf = (system: number): string => `D${String(system).padStart(6, '0')}`;
const siteCodeOf = (site: number): string => `S${String(site).padStart(6, '0')}`;
const below = (limit: number): number => Math.floor(Math.random() * limit);

function lineAt({ systems }: Country): RoutingLine {
  const site = below(siteCount);
  const systemCode = codeOf(systems[site]!);
  const whole = Math.random() < 0.05;
  return {
    application: Math.random() < 0.5 ? 'ser' : 'canopy',
    location: whole ? { level: 'system', code: systemCode } : { level: 'site', code: siteCodeOf(site) },
    systemCode,
    requesterId: `00000000-0000-4000-8000-${String(below(coordinatorCount)).padStart(12, '0')}`,
  };
}

/** Everybody can sign in and signed; 2 coordinators for each system, the others for a site or a group, one in fifty away. */
async function seed(em: EntityManager, { systems }: Country): Promise<void> {
  const id = (from: string): string => `('00000000-0000-4000-8000-' || lpad((${from})::text, 12, '0'))::uuid`;
  await batchwise(em, coordinatorCount, (between) => [
    `insert into staff_member (id, staff_id, first_name, last_name, name_key, created_at) select ${id('n')}, lpad(n::text, 10, '0'), 'Robin', 'Moss', 'moss|robin', now() from ${between}`,
    `insert into account (id, user_name, user_name_key, first_name, last_name, email, email_key, status, created_at) select ${id('n')}, 'p' || n, 'p' || n, 'Robin', 'Moss', n || '@example.org', n || '@example.org', 'active', now() from ${between}`,
    `insert into staff_link (id, account_id, staff_member_id, linked_at) select ${id('n')}, ${id('n')}, ${id('n')}, now() from ${between}`,
    `insert into statement_signature (id, staff_member_id, statement, version, text_hash, signed_on, signed_at) select ${id('n')}, ${id('n')}, 'coordinator', '1', '', current_date - 30, now() from ${between}`,
  ]);
  const coordinators = Array.from({ length: coordinatorCount }, (_, n) => {
    if (n < 2 * systemCount)
      return { n, reach: 'system', system: codeOf(n >> 1), application: n % 10 ? null : 'ser', sites: [] as string[] };
    if (n >= coordinatorCount - 20) return { n, reach: 'state', system: null, application: null, sites: [] };
    const site = below(siteCount);
    const own = Array.from({ length: n % 7 ? 1 : 12 }, (_, at) => site + at).filter(
      (each) => systems[each] === systems[site],
    );
    return {
      n,
      reach: own.length > 1 ? 'group' : 'site',
      system: codeOf(systems[site]!),
      application: n % 5 ? null : 'ser',
      sites: own.map(siteCodeOf),
    };
  });
  for (let at = 0; at < coordinatorCount; at += 5000) {
    const batch = JSON.stringify(coordinators.slice(at, at + 5000));
    const rows = `from json_to_recordset(?::json) as c (n int, reach text, system text, application text, sites json)`;
    await em.execute(
      `insert into coordinator (id, staff_member_id, reach, system_code, application, from_day, created_at) select ${id('n')}, ${id('n')}, reach, system, application, '2020-08-01', now() ${rows}`,
      [batch],
    );
    await em.execute(
      `insert into coordinator_site (coordinator_id, site_code) select ${id('n')}, site ${rows}, json_array_elements_text(sites) site`,
      [batch],
    );
  }
  await em.execute(
    `insert into coordinator_cover (id, coordinator_id, staff_member_id, every_site, from_day, to_day, created_at)
     select ${id('n')}, ${id('n')}, ${id(`(n + 50000) % ${coordinatorCount}`)}, true, '2020-08-01', '2999-08-01', now() from generate_series(0, ${coordinatorCount - 1}, 50) n`,
  );
  for (const table of [
    'coordinator',
    'coordinator_site',
    'coordinator_cover',
    'staff_link',
    'account',
    'statement_signature',
    'staff_member',
  ])
    await em.execute(`analyze ${table}`);
}

async function batchwise(em: EntityManager, count: number, statements: (between: string) => string[]): Promise<void> {
  for (let at = 0; at < count; at += 10_000)
    for (const statement of statements(`generate_series(${at}, ${at + 9_999}) n`)) await em.execute(statement);
}
