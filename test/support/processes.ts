import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot, type Settings, settingsTable } from '#settings';

/** Settings as the texts a process of ours reads them from. */
const textsOf = (settings: Settings): Record<string, string> =>
  Object.fromEntries(
    settingsTable.map(({ name }) => {
      const value: unknown = settings[name as keyof Settings];
      const text = Array.isArray(value) ? value.join() : typeof value === 'object' ? JSON.stringify(value) : value;
      return [name, String(text ?? '')];
    }),
  );

/**
 * A process of its own, run from source, for tests that kill it.
 * @param script such as `apps/portal/src/main.ts`
 * @param said where its output goes: `inherit`, or `ignore` where faults are what the test makes
 */
export const startProcess = (
  script: string,
  settings: Settings,
  { said = 'inherit', ...environment }: { said?: 'inherit' | 'ignore' } & Record<string, string> = {},
): ChildProcess =>
  spawn(process.execPath, ['--import', './test/support/from-source.mjs', script], {
    cwd: projectRoot,
    env: { ...process.env, ...textsOf(settings), ...environment },
    stdio: ['ignore', said, said],
  });

/** Sends a signal and waits until the process is gone. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
