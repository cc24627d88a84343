import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { importJWK, type JWK, SignJWT } from 'jose';
import pg from 'pg';
import type { Settings } from '#settings';
import { type BenchRow, instant, quantile } from './bench-row.js';
import { type BenchSystem, freePort, startBenchSystem } from './bench-system.js';
import { seed, start as startIntrospection } from './introspect.js';
import { GuardedApplication } from './removal-application.js';
import type { RemovalTask } from './removal-server.js';

const removals = 500;
/** One removal each so many milliseconds, by so many people who wait until the one before is done. */
const pace = 20;
const atOnce = 4;
/** Milliseconds until the compiler has seen everything. */
const warmth = 2000;
/** Milliseconds after which what has not happened is not waited for. */
const patience = 60_000;

type Way = 'guard' | 'introspection' | 'bare';

const account = (n: number): string =>
  createHash('md5')
    .update(`account${n}`)
    .digest('hex')
    .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

/** From the commit that ends somebody's access to the first refusal. */
export async function run(): Promise<BenchRow[]> {
  const reporting = {
    REPORTING_ORIGIN: 'http://localhost:3999',
    REPORTING_CLIENT_SECRET: `demo-${'b0Jk3fXw9QzL1sVt6yHc2mPn8rDg4aEu'.repeat(2)}`,
  };
  const system = await startBenchSystem({ ...reporting, ESER_PORT: String(await freePort()) });
  const bench = new RemovalBench(system);
  try {
    await bench.prepare();
    const bare = await bench.measure('bare');
    const guard = await bench.measure('guard');
    const introspection = await bench.measure('introspection');
    const row = (what: string, ours: number[], part: number, goal: string): BenchRow => {
      const [one, other] = [quantile(ours, part), quantile(bare, part)];
      const name = `commit to refusal, ms, p${part * 100}, ${what} : bare UPDATE and indexed SELECT over HTTP`;
      return { id: 'removal', name, ours: one, baseline: other, ratio: one / other, goal };
    };
    const note = `${removals} removals, one each ${pace} ms, 200 requests in flight at the same server; ${bench.application.letIn} let in afterwards`;
    return [
      row('guard told by back-channel', guard, 0.5, '-'),
      { ...row('guard told by back-channel', guard, 0.99, 'under 1000 ms'), note },
      row('introspection', introspection, 0.5, '-'),
      row('introspection', introspection, 0.99, 'under 1000 ms'),
    ];
  } finally {
    await bench.stop();
    await system.stop();
  }
}

class RemovalBench {
  readonly application: GuardedApplication;
  private readonly children: ChildProcess[] = [];
  private readonly introspection: { stop(): void }[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly ports: Record<Way, number>;
  private bearers: string[] = [];

  constructor(private readonly system: BenchSystem) {
    const { settings } = system;
    this.application = new GuardedApplication(settings);
    this.ports = { guard: settings.ESER_PORT, introspection: settings.ISSUER_PORT, bare: 0 };
  }

  async prepare(): Promise<void> {
    const { settings } = this.system;
    await seed(this.system, 2 * removals);
    await sessionsAtEser(settings);
    this.ports.bare = await freePort();
    await this.application.listen(this.ports.guard);
    await startIntrospection('issuer', this.system, this.introspection as never, settings.ISSUER_PORT);
    const { key } = await this.start('remover', 0);
    await this.start('bare', this.ports.bare);
    await this.start('load', 0);
    this.bearers = await accessTokens(settings, key!);
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const server of this.introspection) server.stop();
    this.agent.destroy();
    this.application.close();
  }

  /** Milliseconds from each commit to the first refusal. */
  async measure(way: Way): Promise<number[]> {
    const duration = warmth + removals * pace;
    const requests = Array.from({ length: removals }, (_, n) => this.requestOf(way, n));
    const loaded = this.ask(this.children[2]!, { port: this.ports[way], requests, duration }, duration + patience);
    await pause(warmth);
    const measured: number[] = [];
    let next = 0;
    const remover = async (): Promise<void> => {
      for (let n = next++; n < removals; n = next++) {
        const [figure] = await Promise.all([this.remove(way, n), pause(atOnce * pace)]);
        measured.push(figure);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, remover));
    await loaded;
    return measured;
  }

  private async remove(way: Way, n: number): Promise<number> {
    const id = account(way === 'introspection' ? removals + n : n);
    const refused = way === 'guard' ? this.hears(id) : this.isRefused(way, n);
    const task: RemovalTask = { remove: id, how: way === 'bare' ? 'bare' : 'ours' };
    const { at } = await this.ask(this.children[0]!, task, patience, ({ removed }) => removed === id);
    return Math.max(0, (await refused) - at!);
  }

  private async hears(id: string): Promise<number> {
    for (const end = Date.now() + patience; Date.now() < end; await pause(1)) {
      const at = this.application.heard.get(id);
      if (at !== undefined) return at;
    }
    throw new Error(`the application heard nothing of ${id}`);
  }

  /** Asks one time after the other until it is refused. */
  private async isRefused(way: Way, n: number): Promise<number> {
    for (const end = Date.now() + patience; Date.now() < end;) if (!(await this.isActive(way, n))) return instant();
    throw new Error(`${way} lets ${n} in for ever`);
  }

  private isActive(way: Way, n: number): Promise<boolean> {
    const [head, body] = this.requestOf(way, n).split('\r\n\r\n') as [string, string];
    const [first, ...lines] = head.split('\r\n');
    const [method, path] = first!.split(' ');
    const headers = Object.fromEntries(lines.map((line) => line.split(': ')));
    const options = { agent: this.agent, host: '127.0.0.1', port: this.ports[way], method, path, headers };
    return new Promise((resolve, reject) => {
      const asked = httpRequest({ ...options, timeout: patience }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(text.includes('"active":true')));
      });
      asked.on('error', reject).end(body);
    });
  }

  /** A request as it goes over the wire. */
  private requestOf(way: Way, n: number): string {
    const { settings } = this.system;
    if (way === 'guard') return `GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${this.bearers[n]}\r\n\r\n`;
    if (way === 'bare') return `GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${account(n)}\r\n\r\n`;
    const body = `token=bench-token-${removals + n}&token_type_hint=access_token`;
    const basic = Buffer.from(`reporting:${encodeURIComponent(settings.REPORTING_CLIENT_SECRET!)}`).toString('base64');
    const form = 'Content-Type: application/x-www-form-urlencoded';
    return `POST /oidc/token/introspection HTTP/1.1\r\nHost: localhost:${settings.ISSUER_PORT}\r\nAuthorization: Basic ${basic}\r\nAccept: application/json\r\n${form}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }

  private start(kind: string, port: number): Promise<Answer> {
    const script = fileURLToPath(new URL(`./removal-server${extname(import.meta.url)}`, import.meta.url));
    const env = { ...this.system.environment, NODE_ENV: 'production' };
    const child = fork(script, [kind, String(port)], { env, execArgv: process.execArgv });
    child.setMaxListeners(0);
    this.children.push(child);
    return this.answerOf(child, patience);
  }

  private ask(
    child: ChildProcess,
    task: RemovalTask,
    time: number,
    mine?: (answer: Answer) => boolean,
  ): Promise<Answer> {
    const answer = this.answerOf(child, time, mine);
    child.send(task);
    return answer;
  }

  private answerOf(child: ChildProcess, time: number, mine: (answer: Answer) => boolean = () => true): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const listen = (answer: Answer): void => {
        if (answer.fault) end(() => reject(new Error(answer.fault)));
        else if (mine(answer)) end(() => resolve(answer));
      };
      const gone = (): void => end(() => reject(new Error('a process of the benchmark ended')));
      const timer = setTimeout(() => end(() => reject(new Error('a process of the benchmark does not answer'))), time);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        child.off('message', listen).off('exit', gone);
        settle();
      };
      child.on('message', listen).on('exit', gone);
    });
  }
}

interface Answer {
  removed?: string;
  at?: number;
  fault?: string;
  /** With its private half. */
  key?: JWK;
}

/** Sessions at eSER of those whom the guard is to refuse, as signing in leaves them, and the rows of the bare way. */
async function sessionsAtEser({ DATABASE_URL }: Settings): Promise<void> {
  const client = new pg.Client(DATABASE_URL);
  await client.connect();
  const each = `from generate_series(0, ${removals - 1}) n`;
  const id = `md5('account' || n)::uuid`;
  const artifact = (kind: string, payload: string, grant: string): string =>
    `insert into oidc_artifact (kind, id, payload, account_id, client_id, grant_id, uid, auth_time, expires_at)
     select '${kind}', 'eser-${kind}-' || n, ${payload}, ${id}, 'eser', ${grant}, 'eser-uid-' || n, now(), now() + interval '1 hour' ${each}`;
  const authorizations = `jsonb_build_object('eser', jsonb_build_object('sid', 'sid-' || n))`;
  for (const sql of [
    artifact('Session', `jsonb_build_object('authorizations', ${authorizations})`, 'null'),
    artifact('Grant', `'{}'::jsonb`, `'eser-grant-' || n`),
    `create table bare_access as select ${id} as id, true as active ${each}`,
    `create unique index on bare_access (id)`,
    'analyze',
  ])
    await client.query(sql);
  await client.end();
}

/** A token for each person, made a few seconds ago; its signature is checked once, as ever. */
async function accessTokens({ ISSUER_ORIGIN, ESER_ORIGIN }: Settings, key: JWK): Promise<string[]> {
  const by = await importJWK(key, 'RS256');
  const iat = Math.floor(Date.now() / 1000) - 5;
  const claims = { iss: ISSUER_ORIGIN, aud: ESER_ORIGIN, client_id: 'eser', staff_id: '2019553801', permissions: [] };
  return Promise.all(
    Array.from({ length: removals }, (_, n) =>
      new SignJWT({ ...claims, sub: account(n), jti: `jti-${n}`, iat, exp: iat + 300 })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid! })
        .sign(by),
    ),
  );
}
