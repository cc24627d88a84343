import { MikroORM } from '@mikro-orm/postgresql';
import { databaseOptions } from '#database';
import { migrate } from '../../config/migrate.js';
import { freshDatabase } from '../support/database.js';
import { testSettings } from '../support/settings.js';

describe('database', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database?.drop());

  it('the migrated schema equals the entities', async () => {
    const orm = await MikroORM.init(databaseOptions(testSettings(database.url), 'owner'));
    try {
      expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
    } finally {
      await orm.close();
    }
  });

  it('migrating again changes nothing, also from two processes at once', async () => {
    const settings = testSettings(database.url);
    expect(await Promise.all([migrate(settings), migrate(settings)])).toEqual([[], []]);
  });

  it('IN-3 the app role owns nothing and cannot make, change or empty a table', async () => {
    const orm = await MikroORM.init(databaseOptions(testSettings(database.url)));
    try {
      const em = orm.em.fork();
      const [{ count }] = (await em.execute(
        `select count(*)::int as count from pg_class where relowner = 'edlink_app'::regrole`,
      )) as [{ count: number }];
      expect(count).toBe(0);
      for (const sql of [
        'create table x (y int)',
        'alter table message add column x int',
        'truncate message',
        'drop table message',
        'create schema x',
      ]) {
        await expect(em.execute(sql)).rejects.toThrow(/permission denied|must be owner/);
      }
    } finally {
      await orm.close();
    }
  });

  it('OP-1 the app role waits for nothing longer than a few seconds', async () => {
    const orm = await MikroORM.init(databaseOptions(testSettings(database.url)));
    try {
      const [row] = await orm.em.fork().execute<Record<string, string>[]>(
        `select current_user as role, current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
           current_setting('idle_in_transaction_session_timeout') as idle`,
      );
      expect(row).toEqual({ role: 'edlink_app', statement: '5s', lock: '1800ms', idle: '10s' });
    } finally {
      await orm.close();
    }
  });
});
