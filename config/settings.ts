import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Every setting of an installation, once: name, type, default and what it is for.
 * The only reader of `process.env`. All faults are told at once, so an operator mends them in one round.
 */

/** The folder that holds package.json; what config/ holds is found from here. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json was not found above the settings');
  return findRoot(parent);
}

interface Setting<T> {
  /** What it is for, in an operator's words; docs/settings.md is checked against it. */
  about: string;
  /** Text used when the variable is not set; absent = required. `{NAME}` stands for another setting's text. */
  fallback?: string;
  secret?: boolean;
  read(text: string): T;
}

/** Thrown with one line for each setting that is missing or wrong. */
class SettingsFault extends Error {
  constructor(readonly faults: string[]) {
    super(`These settings need attention:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** Secrets made by `npm start` for a demonstration carry this mark; production refuses them (TK-6). */
export const demoMark = 'demo-';

const text = (value: string): string => value;
const optional = (value: string): string | undefined => value || undefined;
const wholeNumber =
  (from: number, to: number) =>
  (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < from || number > to)
      throw new Error(`must be a whole number from ${from} to ${to}`);
    return number;
  };
const origin = (value: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || url.origin !== value)
    throw new Error('must be an origin such as https://edlink.example.gov, without a path');
  return value;
};
const mode = (value: string): 'demo' | 'production' => {
  if (value !== 'demo' && value !== 'production') throw new Error('must be "demo" or "production"');
  return value;
};
/** 256 bits or more, written as base64url; a demonstration's secret carries the demo mark before it. */
const secret = (value: string): string => {
  const bytes = Buffer.from(value.startsWith(demoMark) ? value.slice(demoMark.length) : value, 'base64url');
  if (bytes.length < 32 || new Set(bytes).size < 12) throw new Error('must be at least 32 random bytes in base64url');
  return value;
};
const secrets = (value: string): string[] => value.split(',').map((part) => secret(part.trim()));
const json = (value: string): Record<string, unknown> | undefined => {
  if (!value) return undefined;
  try {
    return JSON.parse(value) as Record<string, unknown>;
  } catch {
    throw new Error('must be JSON');
  }
};

const settings = {
  EDLINK_MODE: {
    about: '`demo` loads invented people and places; `production` refuses demo secrets and http addresses.',
    fallback: 'production',
    read: mode,
  },
  EDLINK_DATA: {
    about: 'Folder in which `npm start` keeps its database, secrets and mail. Empty: `.data` beside package.json.',
    fallback: '',
    read: optional,
  },
  PORTAL_PORT: { about: 'Port the portal listens on.', fallback: '3000', read: wholeNumber(0, 65535) },
  ISSUER_PORT: { about: 'Port the issuer listens on.', fallback: '3001', read: wholeNumber(0, 65535) },
  ESER_PORT: { about: 'Port of the sample application eSER.', fallback: '3002', read: wholeNumber(0, 65535) },
  MAILBOX_PORT: {
    about: 'Port of the mailbox page that a local system shows its mail on.',
    fallback: '3003',
    read: wholeNumber(0, 65535),
  },
  PORTAL_ORIGIN: {
    about: 'Public address of the portal. Links in mails are built from it, never from a request.',
    fallback: 'http://localhost:{PORTAL_PORT}',
    read: origin,
  },
  ISSUER_ORIGIN: {
    about: 'Public address of the issuer; the `iss` of every token.',
    fallback: 'http://localhost:{ISSUER_PORT}',
    read: origin,
  },
  ESER_ORIGIN: {
    about: 'Public address of eSER; the audience of its tokens.',
    fallback: 'http://localhost:{ESER_PORT}',
    read: origin,
  },
  DATABASE_URL: { about: 'PostgreSQL 15 or newer. With it set nothing embedded starts.', secret: true, read: text },
  DATABASE_OWNER_URL: {
    about: 'Connection that owns the tables and runs migrations. Empty: `DATABASE_URL` does both.',
    fallback: '',
    secret: true,
    read: optional,
  },
  DATABASE_POOL: { about: 'Connections each app may hold.', fallback: '8', read: wholeNumber(1, 200) },
  SMTP_URL: { about: 'Mail relay, such as smtps://name:password@mail.example.gov:465.', secret: true, read: text },
  MAIL_FROM: { about: 'Sender address of all mail.', fallback: 'no-reply@edlink.example', read: text },
  TRUSTED_PROXY_HOPS: {
    about: 'How many proxies stand before us; the address of a caller is read from that hop only.',
    fallback: '0',
    read: wholeNumber(0, 5),
  },
  COOKIE_SECRETS: {
    about: 'One or two secrets, comma separated, newest first: cookies and form tokens.',
    secret: true,
    read: secrets,
  },
  DATA_SECRET: { about: 'Encrypts signing keys in the database.', secret: true, read: secret },
  IDENTITY_SECRET: { about: 'Keyed hash of birth dates; they are kept in no other form.', secret: true, read: secret },
  PASSWORD_SECRET: { about: 'Pepper of password hashes, kept outside the database.', secret: true, read: secret },
  PORTAL_CLIENT_SECRET: { about: "The portal's own OpenID Connect client secret.", secret: true, read: secret },
  ESER_CLIENT_KEY: {
    about: 'Private key (JWK) the sample eSER signs its client assertions with. Not needed where eSER runs elsewhere.',
    fallback: '',
    secret: true,
    read: json,
  },
  ESER_CLIENT_KEYS: {
    about: 'Public keys (JWKS) of eSER, with which the issuer checks its client assertions.',
    fallback: '',
    read: json,
  },
  REPORTING_ORIGIN: {
    about: 'Public address of the reporting service of config/clients.yaml. Empty: there is none.',
    fallback: '',
    read: (value) => (value ? origin(value) : undefined),
  },
  REPORTING_CLIENT_SECRET: {
    about: 'Client secret of the reporting service.',
    fallback: '',
    secret: true,
    read: (value) => (value ? secret(value) : undefined),
  },
} satisfies Record<string, Setting<unknown>>;

type Table = typeof settings;
export type Settings = { readonly [Name in keyof Table]: ReturnType<Table[Name]['read']> };

/** One row per setting, for docs/settings.md and its test. */
export const settingsTable: { name: string; about: string; fallback?: string; secret: boolean }[] = Object.entries(
  settings,
).map(([name, setting]: [string, Setting<unknown>]) => ({
  name,
  about: setting.about,
  fallback: setting.fallback,
  secret: setting.secret ?? false,
}));

/**
 * Reads all settings from an environment.
 * @param environment names to texts, as in `process.env`
 * @throws SettingsFault naming every missing or wrong setting at once
 */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const faults: string[] = [];
  const values: Record<string, unknown> = Object.create(null);
  const textOf = (name: string): string | undefined => {
    const setting = settings[name as keyof Table] as Setting<unknown>;
    return (
      (environment[name] || undefined) ??
      setting.fallback?.replace(/\{(\w+)\}/g, (_, other: string) => textOf(other) ?? '')
    );
  };
  for (const [name, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const value = textOf(name);
    if (value === undefined) faults.push(`${name} is not set. ${setting.about}`);
    else {
      try {
        values[name] = setting.read(value);
      } catch (fault) {
        faults.push(`${name} ${(fault as Error).message}. ${setting.about}`);
      }
    }
    if (environment.EDLINK_MODE !== 'demo' && setting.secret && value?.includes(demoMark))
      faults.push(`${name} holds a secret made for a demonstration`);
  }
  if (values.EDLINK_MODE === 'production') {
    for (const name of ['PORTAL_ORIGIN', 'ISSUER_ORIGIN', 'ESER_ORIGIN']) {
      if (!String(values[name]).startsWith('https://')) faults.push(`${name} must be https in production`);
    }
  }
  if (faults.length) throw new SettingsFault(faults);
  return Object.freeze(values) as Settings;
}

/** The environment of this process: the only place that reads it. */
export const environment = (): Record<string, string | undefined> => process.env;

/** The settings of an app's process; where some are wrong, it says which, in plain lines, and the process ends. */
export function settingsOrEnd(): Settings {
  try {
    return readSettings(environment());
  } catch (fault) {
    if (!(fault instanceof SettingsFault)) throw fault;
    console.error(fault.message);
    process.exit(1);
  }
}

/** Where `npm start` keeps its database, secrets and mail (`EDLINK_DATA`); asked before the other settings are complete. */
export const dataDirectory = (): string => resolve(process.env.EDLINK_DATA || join(projectRoot, '.data'));
