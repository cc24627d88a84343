import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
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
      await openQueue(em);
      return applied.map((migration) => migration.name);
    });
  } finally {
    await orm.close(true);
  }
}

/**
 * Apps add jobs and work on them as the app role. The queue's tables carry row level security without a policy, so
 * that nobody but their owner sees a row; the app role gets a policy of its own, on rows only.
 */
async function openQueue(em: EntityManager): Promise<void> {
  await em.execute(`grant usage on schema graphile_worker to ${appRole}`);
  await em.execute(`grant select, insert, update, delete on all tables in schema graphile_worker to ${appRole}`);
  await em.execute(`grant usage, select on all sequences in schema graphile_worker to ${appRole}`);
  const guarded = await em.execute<{ name: string }[]>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'graphile_worker'::regnamespace and c.relrowsecurity
       and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'edlink_app')`,
  );
  for (const { name } of guarded) {
    await em.execute(
      `create policy edlink_app on graphile_worker."${name}" to ${appRole} using (true) with check (true)`,
    );
  }
}
