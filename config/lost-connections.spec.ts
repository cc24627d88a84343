import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { freshDatabase } from '../test/support/database.js';
import { testSettings } from '../test/support/settings.js';
import { databaseOptions } from './mikro-orm.config.js';

const places = 3;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('connections to the database', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let orm: MikroORM;
  let outside: pg.Client;

  beforeAll(async () => {
    database = await freshDatabase();
    orm = await MikroORM.init(databaseOptions(testSettings(database.url, { DATABASE_POOL: String(places) })));
    outside = new pg.Client(database.url);
    await outside.connect();
  });
  afterAll(async () => {
    await outside?.end();
    await orm?.close();
    await database?.drop();
  });

  /** As when the database restarts: every connection but ours ends at once. */
  const cut = async (): Promise<void> => {
    await outside.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await pause(50);
  };
  const inTransaction = (work: (em: EntityManager) => Promise<unknown>): Promise<unknown> =>
    orm.em.fork().transactional((em) => work(em as EntityManager));

  it.each<[string, () => Promise<unknown>]>([
    ['while nothing is asked', async () => cut()],
    ['in a query', () => Promise.all([orm.em.fork().execute('select pg_sleep(2)'), pause(100).then(cut)])],
    [
      'between two queries of a transaction',
      () => inTransaction(async (em) => [await em.execute('select 1'), await cut(), await em.execute('select 1')]),
    ],
    [
      'in a query of a transaction',
      () => inTransaction((em) => Promise.all([em.execute('select pg_sleep(2)'), pause(100).then(cut)])),
    ],
    ['before a commit', () => inTransaction(async (em) => [await em.execute('select 1'), await cut()])],
  ])('R-04 are all there again after they were cut %s', async (_, work) => {
    for (let n = 0; n < places; n++) await work().catch(() => undefined);
    await pause(1200);
    const answers = await Promise.all(
      Array.from({ length: places * 2 }, () => inTransaction((em) => em.execute('select pg_sleep(0.05), 1 as one'))),
    );
    expect(answers).toHaveLength(places * 2);
  });
});
