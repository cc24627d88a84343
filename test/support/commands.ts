import '@nestjs/core'; // nest-commander requires it; jest wants an ES module to be there before CommonJS asks for it
import type { Override } from '#kernel';
import type { Settings } from '#settings';

/**
 * Runs one command of the command line in this process.
 * @returns exit code and what it said, line by line
 */
export async function runCommand(
  settings: Settings,
  argv: string[],
  override: Override = {},
): Promise<{ code: number; out: string; err: string }> {
  const { runJobs } = await import('../../apps/jobs/src/run-jobs.js');
  const said = { out: '', err: '' };
  const terminal = {
    line: (text: string) => void (said.out += `${text}\n`),
    warn: (text: string) => void (said.err += `${text}\n`),
    step: (text: string) => void (said.err += `${text}\n`),
    stepsDone: () => undefined,
  };
  const code = await runJobs(argv, settings, { ...override, terminal });
  return { code, ...said };
}
