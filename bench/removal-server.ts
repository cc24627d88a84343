import { once } from 'node:events';
import { createServer } from 'node:http';
import pg from 'pg';
import { AccountsService } from '#accounts';
import { systemActor } from '#kernel';
import { environment, readSettings } from '#settings';
import { SigningKeys } from '#tokens';
import { createIssuer } from '../apps/issuer/src/create.js';
import { createWorker } from '../apps/jobs/src/create-worker.js';
import { instant } from './bench-row.js';
import { requestsPerSecond } from './load.js';

/** What the benchmark asks of these processes; each is answered by one message. */
export type RemovalTask =
  { remove: string; how: 'ours' | 'bare' } | { port: number; requests: string[]; duration: number };

/**
 * A process of the removal benchmark: `remover` is where access ends (the verb and the worker, or a bare UPDATE),
 * `bare` is Node's http with one indexed query, `load` keeps 200 requests in flight.
 */
const [, , kind, port = '0'] = process.argv;
const settings = readSettings(environment());
process.once('disconnect', () => process.exit());
const answer = (message: object): void => void process.send?.(message);
const onTask = (work: (task: RemovalTask) => Promise<object>): void => {
  process.on('message', (task: RemovalTask) => {
    work(task).then(answer, (fault: Error) => answer({ fault: String(fault.stack) }));
  });
};

const servers: Record<string, () => Promise<object | void>> = {
  remover: async () => {
    const issuer = await createIssuer(settings);
    await issuer.init();
    const accounts = issuer.get(AccountsService, { strict: false });
    const worker = await createWorker(settings);
    await worker.start();
    const client = new pg.Client(settings.DATABASE_URL);
    await client.connect();
    onTask(async (task) => {
      if (!('remove' in task)) return {};
      if (task.how === 'ours') await accounts.disable(systemActor, task.remove, 'Benchmark.');
      else await client.query('update bare_access set active = false where id = $1', [task.remove]);
      return { removed: task.remove, at: instant() };
    });
    const [key] = await issuer.get(SigningKeys, { strict: false }).published();
    return { key };
  },
  bare: async () => {
    const pool = new pg.Pool({ connectionString: settings.DATABASE_URL, max: settings.DATABASE_POOL });
    const server = createServer((request, response) => {
      const values = [request.headers.authorization];
      void pool
        .query({ name: 'look-up', text: 'select active from bare_access where id = $1::uuid', values })
        .then(({ rows }) => {
          const body = JSON.stringify(rows[0] ?? { active: false });
          response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body);
        });
    });
    await once(server.listen(Number(port), '127.0.0.1'), 'listening');
  },
  load: async () => {
    onTask(async (task) => {
      if (!('requests' in task)) return {};
      const requestOf = (n: number): string => task.requests[n % task.requests.length]!;
      return { rate: await requestsPerSecond(task.port, 200, task.duration, requestOf, /^HTTP\/1.1 (200|401)/) };
    });
  },
};
if (kind !== undefined) answer((await servers[kind]?.()) ?? {});
