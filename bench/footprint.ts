import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#settings';
import { type BenchRow, median } from './bench-row.js';
import { freePort, startBenchSystem } from './bench-system.js';
import { Visitor } from './visitor.js';

const idle = 5000;
const pages = 2000;

/** V8 keeps young objects in little room: much less memory after loading, a little more work under load. */
const frugal = ['--max-semi-space-size=2', '--optimize-for-size'];

/** B11: memory of issuer, portal and jobs, apart and in one process, idle and after load; and a warm `npm start`. */
export async function run(): Promise<BenchRow[]> {
  return [...(await memory('', [])), ...(await memory(`, node ${frugal.join(' ')}`, frugal)), ...(await warmStart())];
}

/** Runs a program of ours as an installation does. */
function start(
  program: string,
  args: string[],
  environment: Record<string, string>,
  flags: string[] = [],
): ChildProcess {
  return spawn(process.execPath, [...flags, join(projectRoot, 'dist', program), ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function memory(how: string, flags: string[]): Promise<BenchRow[]> {
  const system = await startBenchSystem();
  const { PORTAL_ORIGIN, ISSUER_ORIGIN } = system.settings;
  const issuer = start('apps/issuer/src/main.js', [], system.environment, flags);
  await answers(`${ISSUER_ORIGIN}/.well-known/openid-configuration`);
  const portal = start('apps/portal/src/main.js', [], system.environment, flags);
  const jobs = start('apps/jobs/src/main.js', ['work'], system.environment, flags);
  const all = { issuer, portal, jobs };
  try {
    await answers(`${PORTAL_ORIGIN}/`);
    await pause(idle);
    const quiet = residents(all);
    await load([`${PORTAL_ORIGIN}/`, `${ISSUER_ORIGIN}/`, `${ISSUER_ORIGIN}/register`]);
    return [
      row(`resident memory of issuer + portal + jobs, idle (MB)${how}`, quiet),
      row(`the same after ${pages.toLocaleString('en-US')} pages (MB)${how}`, residents(all)),
    ];
  } finally {
    await Promise.all(Object.values(all).map(end));
    await system.stop();
  }
}

type Residents = Record<string, number>;

function row(name: string, residents: Residents): BenchRow {
  const sum = Object.values(residents).reduce((one, other) => one + other, 0);
  const note = Object.entries(residents)
    .map(([app, megabytes]) => `${app} ${Math.round(megabytes)}`)
    .join(', ');
  return {
    id: 'B11',
    name,
    ours: Math.round(sum),
    baseline: 1250,
    ratio: sum / 1250,
    goal: 'at most 300',
    note: `${note}; baseline is Keycloak's published base, from another machine`,
  };
}

/** Megabytes that are in memory, by process. */
const residents = (all: Record<string, ChildProcess>): Residents =>
  Object.fromEntries(
    Object.entries(all).map(([name, child]) => [
      name,
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    ]),
  );

async function load(addresses: string[]): Promise<void> {
  let left = pages;
  const visit = async (): Promise<void> => {
    while (left-- > 0) await new Visitor().get(addresses[left % addresses.length]!);
  };
  await Promise.all(Array.from({ length: 8 }, visit));
}

/** `npm start` on data that is there already, until the portal's first page; the build is done. */
async function warmStart(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'edlink-warm-'));
  chmodSync(directory, 0o755);
  const ports = {
    PORTAL_PORT: await freePort(),
    ISSUER_PORT: await freePort(),
    ESER_PORT: await freePort(),
    MAILBOX_PORT: await freePort(),
  };
  const environment = {
    EDLINK_DATA: join(directory, 'data'),
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
  };
  let whole: Residents = {};
  const once = async (): Promise<number> => {
    const begun = performance.now();
    const child = start('apps/local/src/main.js', [], environment);
    try {
      await answers(`http://localhost:${ports.PORTAL_PORT}/`);
      const took = (performance.now() - begun) / 1000;
      await pause(idle);
      whole = residents({ 'npm start': child });
      return took;
    } finally {
      await end(child);
    }
  };
  try {
    const first = await once();
    const warm = [await once(), await once(), await once()];
    return [
      row('all in one process, as npm start runs it, with eSER and mailbox, idle (MB)', whole),
      {
        id: 'B11',
        name: 'start to first page, data there already (s)',
        ours: median(warm),
        baseline: '-',
        goal: 'at most 5',
        note: `the very first start, with an empty data folder, took ${first.toFixed(1)} s`,
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until an address answers with 200. */
async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 120_000; ; await pause(20)) {
    const answer = await new Visitor().get(url).catch(() => undefined);
    if (answer?.status === 200) return;
    if (Date.now() > end)
      throw new Error(`${url} did not answer within two minutes (${answer?.status ?? 'no connection'})`);
  }
}

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
