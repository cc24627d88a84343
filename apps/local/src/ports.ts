import { createServer } from 'node:net';
import type { Settings } from '#settings';

const doors = {
  PORTAL_PORT: 'portal',
  ISSUER_PORT: 'issuer',
  ESER_PORT: 'sample eSER',
  MAILBOX_PORT: 'mailbox',
} as const;

/**
 * Makes sure every port is free before anything starts.
 * @throws Error with one line that names the port, what it is for and the setting that moves it
 */
export async function refuseTakenPorts(settings: Settings): Promise<void> {
  for (const [setting, door] of Object.entries(doors) as [keyof typeof doors, string][]) {
    const fault = await tryPort(settings[setting]);
    if (!fault) continue;
    const why = fault === 'EACCES' ? 'needs rights this account does not have' : 'is in use';
    throw new Error(
      `Port ${settings[setting]} (${door}) ${why}. Stop the program that uses it, or choose another: ${setting}=${settings[setting] + 100} npm start`,
    );
  }
}

/** Tries the wildcard address, as the apps do: a program that holds only one of the loopback addresses counts too. */
async function tryPort(port: number): Promise<string | undefined> {
  for (const host of [undefined, '127.0.0.1']) {
    const fault = await new Promise<string | undefined>((resolve) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      server.listen(port, host, () => server.close(() => resolve(undefined)));
    });
    if (fault) return fault;
  }
  return undefined;
}
