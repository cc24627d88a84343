import 'reflect-metadata';
import { CommandFactory } from 'nest-commander';
import { type Override, Problem } from '#kernel';
import type { Settings } from '#settings';
import { CommandLine, isWrongUsage } from './command-line.js';
import { CommandsModule } from './commands.module.js';
import { Terminal } from './terminal.js';

/**
 * Runs one command of the administrator's command line in this process.
 * @param argv the words after the program's name, such as `['import-sites', 'register.csv', '--apply']`
 * @returns the exit code: 0 done, 1 refused or failed (one line says why), 2 wrong usage
 */
export async function runJobs(
  argv: string[],
  settings: Settings,
  override: Override & { terminal?: Terminal } = {},
): Promise<number> {
  const { terminal = new Terminal(), ...others } = override;
  const app = await CommandFactory.createWithoutRunning(CommandsModule.with(settings, terminal, others), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  try {
    await app.get(CommandLine).run(argv);
    return 0;
  } catch (fault) {
    return tell(terminal, fault);
  } finally {
    await app.close();
  }
}

function tell(terminal: Terminal, fault: unknown): number {
  // commander has said it already.
  if (isWrongUsage(fault)) return fault.exitCode === 0 ? 0 : 2;
  if (fault instanceof Problem) {
    terminal.warn(`${fault.title}: ${fault.detail}`);
    for (const { field, message } of fault.errors ?? []) terminal.warn(`  ${field}: ${message}`);
  } else {
    terminal.warn(fault instanceof Error ? fault.message : String(fault));
  }
  return 1;
}
