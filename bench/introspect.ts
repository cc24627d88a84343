import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type BenchRow, inTurns } from './bench-row.js';
import { type BenchSystem, freePort, startBenchSystem } from './bench-system.js';
import { requestsPerSecond } from './load.js';

/** The library's memory adapter keeps a thousand things; each person is two of them. */
const people = 400;
const connections = 48;
const rounds = 7;
const roundTime = 3000;

/** B1: introspection of opaque tokens; the answer carries the permissions of this instant. */
export async function run(): Promise<BenchRow[]> {
  const system = await startBenchSystem({
    REPORTING_ORIGIN: 'http://localhost:3999',
    REPORTING_CLIENT_SECRET: `demo-${'b0Jk3fXw9QzL1sVt6yHc2mPn8rDg4aEu'.repeat(2)}`,
  });
  const servers: Server[] = [];
  try {
    await seed(system);
    const issuer = await start('issuer', system, servers, system.settings.ISSUER_PORT);
    const bare = await start('bare', system, servers);
    const query = await start('query', system, servers);
    for (const server of servers) await server.measure(roundTime); // until the compiler has seen everything
    const memory = await inTurns(
      rounds,
      () => issuer.measure(roundTime),
      () => bare.measure(roundTime),
    );
    const lookUp = await inTurns(
      rounds,
      () => issuer.measure(roundTime),
      () => query.measure(roundTime),
    );
    const note = 'generator, PostgreSQL and server share the CPUs; the baselines leave them more';
    return [
      {
        id: 'B1',
        name: 'introspections a second : bare oidc-provider in memory',
        ...memory,
        goal: 'at least 0.6',
        note,
      },
      { id: 'B1', name: 'introspections a second : Node http + one indexed query', ...lookUp, goal: 'at least 0.35' },
    ];
  } finally {
    for (const server of servers) server.stop();
    await system.stop();
  }
}

class Server {
  constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
    private readonly credentials: string,
  ) {}

  measure(duration: number): Promise<number> {
    return requestsPerSecond(this.port, connections, duration, (n) => this.request(n), /"active":true/);
  }

  stop(): void {
    this.child.kill();
  }

  private request(n: number): string {
    const body = `token=bench-token-${n % people}&token_type_hint=access_token`;
    return [
      'POST /oidc/token/introspection HTTP/1.1',
      `Host: localhost:${this.port}`,
      `Authorization: Basic ${this.credentials}`,
      'Accept: application/json',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }
}

export async function start(
  kind: string,
  { environment, settings }: BenchSystem,
  servers: Server[],
  port?: number,
): Promise<Server> {
  const at = port ?? (await freePort());
  const script = fileURLToPath(new URL(`./introspect-server${extname(import.meta.url)}`, import.meta.url));
  const child = fork(script, [kind, String(at), String(people)], {
    env: { ...environment, NODE_ENV: 'production' },
    execArgv: process.execArgv,
  });
  const server = new Server(
    child,
    at,
    Buffer.from(`reporting:${encodeURIComponent(settings.REPORTING_CLIENT_SECRET!)}`).toString('base64'),
  );
  servers.push(server);
  await new Promise((resolve, reject) =>
    child.once('message', resolve).once('exit', () => reject(new Error(`the ${kind} server ended`))),
  );
  return server;
}

/** People with a session, a grant, a token and three permissions, as signing in leaves them. */
export async function seed({ settings }: BenchSystem, count = people): Promise<void> {
  const client = new pg.Client(settings.DATABASE_URL);
  await client.connect();
  const each = `from generate_series(0, ${count - 1}) n`;
  const id = (kind: string): string => `md5('${kind}' || n)::uuid`;
  const hash = (text: string): string => `encode(sha256((${text})::bytea), 'hex')`;
  const artifact = (kind: string, key: string, payload: string, others: string): string =>
    `insert into oidc_artifact (kind, id, payload, account_id, client_id, grant_id, uid, auth_time, expires_at)
     select '${kind}', ${hash(key)}, ${payload}, ${id('account')}, 'reporting', ${others}, now() + interval '1 hour' ${each}`;
  const session = `'session-' || n`;
  const grant = `'grant-' || n`;
  const exp = `extract(epoch from now())::int + 3600`;
  const common = `'iat', extract(epoch from now())::int, 'exp', ${exp}, 'accountId', ${id('account')}`;
  for (const sql of [
    `insert into account (id, user_name, user_name_key, first_name, last_name, email, email_key, status, created_at)
     select ${id('account')}, 'bench.' || n, 'bench.' || n, 'Robin', 'Moss', n || '@example.org', n || '@example.org', 'active', now() ${each}`,
    `insert into staff_member (id, staff_id, first_name, last_name, name_key, created_at) select ${id('staff')}, (2000000000 + n)::text, 'Robin', 'Moss', 'moss|robin', now() ${each}`,
    `insert into staff_link (id, account_id, staff_member_id, linked_at) select ${id('link')}, ${id('account')}, ${id('staff')}, now() ${each}`,
    `insert into access_grant (id, account_id, staff_member_id, application, role, permission, level, code, system_code, given_at)
     select gen_random_uuid(), ${id('account')}, ${id('staff')}, 'ser', 'ser-data', p, 'site', '001' || lpad((n % 900 + s)::text, 3, '0'), '001', now()
     ${each}, unnest(array['ser-data-reader', 'ser-data-writer']) p, generate_series(1, 2) s`,
    `insert into grant_version (id, grant_id, account_id, staff_member_id, application, role, permission, level, code, system_code, from_at, state, recorded_at, cause)
     select gen_random_uuid(), id, account_id, staff_member_id, application, role, permission, level, code, system_code, given_at, 'active', given_at, 'given' from access_grant`,
    artifact(
      'Session',
      session,
      `jsonb_build_object(${common}, 'kind', 'Session', 'uid', 'uid-' || n, 'loginTs', extract(epoch from now())::int, 'authorizations', jsonb_build_object('reporting', jsonb_build_object('sid', 's', 'grantId', ${grant})))`,
      `null, ${hash(`'uid-' || n`)}, now()`,
    ),
    artifact(
      'Grant',
      grant,
      `jsonb_build_object(${common}, 'kind', 'Grant', 'clientId', 'reporting', 'resources', jsonb_build_object('http://localhost:3999', 'permissions'))`,
      `${hash(grant)}, ${hash(`'uid-' || n`)}, now()`,
    ),
    artifact(
      'AccessToken',
      `'bench-token-' || n`,
      `jsonb_build_object(${common}, 'kind', 'AccessToken', 'clientId', 'reporting', 'grantId', ${grant}, 'aud', 'http://localhost:3999', 'scope', 'permissions', 'sessionUid', 'uid-' || n, 'expiresWithSession', true, 'gty', 'authorization_code')`,
      `${hash(grant)}, ${hash(`'uid-' || n`)}, null`,
    ),
    `analyze`,
  ])
    await client.query(sql);
  await client.end();
}
