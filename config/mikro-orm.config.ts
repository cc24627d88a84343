import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import type { Pool } from 'pg';
import { accountsEntities } from '#accounts';
import { auditEntities } from '#audit';
import { complianceEntities } from '#compliance';
import { coordinatorsEntities } from '#coordinators';
import { grantsEntities } from '#grants';
import { patience, seconds } from '#kernel';
import { notificationsEntities } from '#notifications';
import { requestsEntities } from '#requests';
import type { Settings } from '#settings';
import { signalsEntities } from '#signals';
import { sitesEntities } from '#sites';
import { staffEntities } from '#staff';
import { tokensEntities } from '#tokens';
import { webEntities } from '#web';
import { AppClient } from './app-client.js';
import { freeLostConnections } from './lost-connections.js';
import { migrations } from './migrations/index.js';
import { shareThePatience } from './pool-patience.js';

export { isLost } from './app-client.js';

export const entities = [
  ...auditEntities,
  ...notificationsEntities,
  ...webEntities,
  ...sitesEntities,
  ...accountsEntities,
  ...staffEntities,
  ...coordinatorsEntities,
  ...grantsEntities,
  ...requestsEntities,
  ...signalsEntities,
  ...tokensEntities,
  ...complianceEntities,
];

/** The database role every app works as: reads and writes rows, owns nothing, cannot change the audit log (IN-3, AU-4). */
export const appRole = 'edlink_app';

/** How long anything may wait on the database (OP-1); a slow database then answers 503 instead of hanging pages. */
const limits = `-c statement_timeout=5000 -c lock_timeout=${patience} -c idle_in_transaction_session_timeout=10000`;
/** Longer than every limit of the database itself: what this ends, the database does not answer at all. */
const unanswered = seconds(8);

/**
 * MikroORM options of an app, or of the owner of the tables.
 * @param as `app`: every connection works as `edlink_app`; `owner`: migrations
 */
export function databaseOptions(settings: Settings, as: 'app' | 'owner' = 'app'): Options {
  return defineConfig({
    entities,
    clientUrl: as === 'owner' ? (settings.DATABASE_OWNER_URL ?? settings.DATABASE_URL) : settings.DATABASE_URL,
    pool: { min: 0, max: as === 'owner' ? 2 : settings.DATABASE_POOL },
    // pg waits for a free connection for ever unless told otherwise.
    driverOptions: {
      connectionTimeoutMillis: patience,
      onPoolCreated: (pool: Pool) => {
        freeLostConnections(pool);
        if (as === 'app') shareThePatience(pool);
      },
      ...(as === 'app' && {
        Client: AppClient,
        query_timeout: unanswered,
        options: `-c role=${appRole} ${limits}`,
      }),
    },
    loadStrategy: 'select-in',
    forceUtcTimezone: true,
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false, silent: true, tableName: 'schema_migration' },
    // The queue's tables are its own business.
    schemaGenerator: { ignoreSchema: ['graphile_worker'] },
    discovery: { warnWhenNoEntities: false },
    debug: false,
  });
}
