import { environment, readSettings } from '#settings';
import { runJobs } from './run-jobs.js';

// `node dist/apps/jobs/src/main.js COMMAND`, as an installation runs it; all settings come from the environment.
try {
  process.exitCode = await runJobs(process.argv.slice(2), readSettings(environment()));
} catch (fault) {
  console.error((fault as Error).message);
  process.exitCode = 1;
}
