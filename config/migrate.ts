import { MikroORM } from '@mikro-orm/postgresql';
import { runMigrations } from 'graphile-worker';
import { appRole, databaseOptions } from './mikro-orm.config.js';
import type { Settings } from './settings.js';

/** Any number; one process migrates at a time. */
const migrationLock = 722_026;

/**
 * Brings the database to this version: our tables, then the job queue's, then the app role's rights on the queue.
 * Safe to run from several processes at once and to run again.
 * @returns names of the migrations that were applied
 */
export async function migrate(settings: Settings): Promise<string[]> {
  const orm = await MikroORM.init(databaseOptions(settings, 'owner'));
  try {
    return await orm.em.fork().transactional(async (em) => {
      await em.execute(`select pg_advisory_xact_lock(${migrationLock})`);
      const applied = await orm.migrator.up();
      await runMigrations({ connectionString: settings.DATABASE_OWNER_URL ?? settings.DATABASE_URL });
      await em.execute(`grant usage on schema graphile_worker to ${appRole}`);
      await em.execute(`grant select, insert, update, delete on all tables in schema graphile_worker to ${appRole}`);
      await em.execute(`grant usage, select on all sequences in schema graphile_worker to ${appRole}`);
      return applied.map((migration) => migration.name);
    });
  } finally {
    await orm.close(true);
  }
}
