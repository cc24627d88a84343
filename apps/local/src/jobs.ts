import { dataDirectory, environment, readSettings } from '#settings';
import { migrate } from '../../../config/migrate.js';
import { runJobs } from '../../jobs/src/run-jobs.js';
import { demoSecrets } from './secrets.js';
import { startDatabase } from './start-database.js';

/**
 * `npm run jobs -- COMMAND`: the administrator's commands against the database of `npm start`, which is started for
 * the moment where it is not running. With DATABASE_URL set, against that one.
 */
async function main(): Promise<number> {
  const outside = environment();
  const directory = dataDirectory();
  const local = outside.DATABASE_URL ? undefined : await startDatabase(directory);
  try {
    const settings = readSettings({
      EDLINK_MODE: 'demo',
      SMTP_URL: 'smtp://127.0.0.1:25',
      ...(outside.EDLINK_MODE !== 'production' && demoSecrets(directory).environment),
      ...(local && { DATABASE_URL: local.url }),
      ...Object.fromEntries(Object.entries(outside).filter(([, value]) => value)),
    });
    await migrate(settings);
    return await runJobs(process.argv.slice(2), settings);
  } finally {
    await local?.stop();
  }
}

try {
  process.exitCode = await main();
} catch (fault) {
  console.error((fault as Error).message);
  process.exitCode = 1;
}
