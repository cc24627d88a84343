import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory, environment, readSettings, type Settings } from '#settings';
import { migrate } from '../../../config/migrate.js';
import { loadDemo } from './demo/load-demo.js';
import { startMailbox } from './mailbox/start-mailbox.js';
import { refuseTakenPorts } from './ports.js';
import { removePostgres, runningPort } from './postgres.js';
import { demoSecrets } from './secrets.js';
import { startDatabase } from './start-database.js';
import { startSystem } from './start-system.js';

const usage = `npm start              the whole system on this machine; data is kept in .data/
npm start -- --fresh   the same, from an empty database

Settings (all in docs/settings.md): PORTAL_PORT, ISSUER_PORT, ESER_PORT, MAILBOX_PORT, DATABASE_URL, SMTP_URL ...`;

const notOurs = `The database at DATABASE_URL holds people or places this demonstration did not invent; nobody was added to it.
For a demonstration give an empty database. For work with this one set EDLINK_MODE=production and the settings of docs/settings.md.`;

const begun = Date.now();
const say = (text: string): void => console.log(text);
const step = (text: string): void => say(`  ${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${text}`);

const ends: (() => Promise<unknown>)[] = [];

/** Ends what was started, newest first, also when start-up failed halfway. */
async function end(): Promise<void> {
  for (const stop of ends.splice(0).reverse()) await stop().catch((fault: Error) => console.error(fault.message));
}

async function start(options: string[]): Promise<void> {
  const unknown = options.find((option) => option !== '--fresh');
  if (unknown) throw new Error(`There is no option ${unknown}.\n\n${usage}`);
  const directory = dataDirectory();
  const outside = environment();
  const embedded = !outside.DATABASE_URL;
  const postgres = join(directory, 'postgres');
  if (options.includes('--fresh')) removeData(directory, embedded);
  mkdirSync(directory, { recursive: true });
  const { environment: secrets, passphrase } = demoSecrets(directory);
  const settingsWith = (more: Record<string, string>): Settings =>
    readSettings({ EDLINK_MODE: 'demo', ...secrets, ...more, ...set(outside) });

  const draft = settingsWith({ DATABASE_URL: 'postgres://', SMTP_URL: 'smtp://' });
  await refuseTakenPorts(draft);

  say('Starting EdLink Security ...');
  const more: Record<string, string> = {};
  if (embedded) {
    if (!existsSync(join(postgres, 'PG_VERSION'))) step('making the database (first start)');
    const database = await startDatabase(directory);
    ends.push(() => database.stop());
    more.DATABASE_URL = database.url;
    step('PostgreSQL is up');
  }
  if (!outside.SMTP_URL) {
    const mailbox = await startMailbox({ directory: join(directory, 'mail'), webPort: draft.MAILBOX_PORT });
    ends.push(() => mailbox.stop());
    more.SMTP_URL = mailbox.smtpUrl;
  }
  const settings = settingsWith(more);
  const applied = await migrate(settings);
  if (applied.length) step(`database is at version ${applied.at(-1)}`);
  const demo = settings.EDLINK_MODE === 'demo' ? await loadDemo(settings, passphrase, step) : undefined;
  if (settings.EDLINK_MODE === 'demo' && !demo) {
    if (!embedded) throw new Error(notOurs);
    step('the database holds people or places of your own: nobody was invented');
  }
  const system = await startSystem(settings);
  ends.push(() => system.stop());
  step('ready');
  say(addresses(settings, !outside.SMTP_URL));
  if (demo) say(demo);
  say('\nCtrl-C ends it; the data stays.');
}

/** Variables that are set to something: an empty one counts as not set. */
const set = (variables: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1])));

/** The database and the mails of the old one, whose links lead nowhere any more; the secrets and the passphrase stay. */
function removeData(directory: string, embedded: boolean): void {
  const postgres = join(directory, 'postgres');
  if (!embedded)
    throw new Error('--fresh empties the embedded database only. DATABASE_URL is set: empty that database yourself.');
  if (existsSync(postgres) && runningPort(postgres))
    throw new Error('The database is in use by another start of this system. End that one first, then run this again.');
  // A folder that holds no secrets of ours was never started from: what is in it is somebody else's.
  if (!existsSync(join(directory, 'secrets.json'))) return;
  removePostgres(postgres);
  rmSync(join(directory, 'mail'), { recursive: true, force: true });
  say('Beginning anew: the old database and its mail are gone.');
}

const addresses = (settings: Settings, mailbox: boolean): string => `
  Portal (EdLink Security)   ${settings.PORTAL_ORIGIN}
  Issuer (sign-in)           ${settings.ISSUER_ORIGIN}
  Sample eSER                ${settings.ESER_ORIGIN}${mailbox ? `\n  Mailbox                    http://localhost:${settings.MAILBOX_PORT}` : ''}`;

/** One line an operator can act on. */
function wordsFor(fault: unknown): string {
  const { code, path, message } = fault as NodeJS.ErrnoException;
  const denied = code === 'EACCES' || code === 'EPERM';
  if (denied && path)
    return `This account may not write to ${path}. Give it the right, or choose another folder with EDLINK_DATA.`;
  return message ?? String(fault);
}

async function main(): Promise<void> {
  const options = process.argv.slice(2);
  if (options.includes('--help')) return say(usage);
  let ending = false;
  // SIGHUP: the terminal was closed. PostgreSQL, which runs apart, would be left behind; nobody reads our words any more.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      say('\nEnding ...');
      void end().then(() => process.exit(0));
    });
  }
  try {
    await start(options);
  } catch (fault) {
    console.error(`\n${wordsFor(fault)}`);
    await end();
    process.exit(1);
  }
}

await main();
