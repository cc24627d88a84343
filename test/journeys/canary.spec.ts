import { MikroORM } from '@mikro-orm/postgresql';
import { databaseOptions } from '#database';
import type { Settings } from '#settings';
import { loadDemo } from '../../apps/local/src/demo/load-demo.js';
import { startTestSystem, type TestSystem } from '../support/system.js';
import { Visitor } from '../support/visitor.js';

/** Camille Doucet of the demo's staff file, born on April 12, 1990. */
const camille = {
  firstName: 'Camille',
  lastName: 'Doucet',
  userName: 'camille.canary',
  email: 'camille.canary@schools.example',
};
const birthDate = { birthMonth: '4', birthDay: '12', birthYear: '1990' };
/** May use eSER already. */
const wren = { name: 'wren', passphrase: 'canary of the demonstration people' };

/** Everything secret that passes by in the story, with a word for what it is. */
class Secrets {
  readonly all = new Map<string, string>();

  add(what: string, value: string | null | undefined): void {
    if (value && value.length >= 8 && !this.all.has(value)) this.all.set(value, what);
  }

  /** Secrets in a text, by their words. */
  in(text: string): string[] {
    return [...this.all].filter(([value]) => text.includes(value)).map(([, what]) => what);
  }
}

/** A browser that remembers every cookie, code and link token it ever held. */
class WatchedVisitor extends Visitor {
  constructor(private readonly secrets: Secrets) {
    super();
  }

  override async once(...parts: Parameters<Visitor['once']>): ReturnType<Visitor['once']> {
    const page = await super.once(...parts);
    for (const address of [page.url.href, page.location].filter((one) => one !== undefined)) {
      for (const name of ['token', 'code', 'id_token_hint'])
        this.secrets.add(`${name} in an address`, new URL(address).searchParams.get(name));
    }
    for (const [name, { value }] of this.cookies) {
      const clear = decodeURIComponent(value).replace(/^s:/, '');
      this.secrets.add(`cookie ${name}`, clear);
      this.secrets.add(`cookie ${name} before the dot`, clear.split('.')[0]);
    }
    return page;
  }
}

describe('secrets', () => {
  const secrets = new Secrets();
  const realFetch = globalThis.fetch;
  let system: TestSystem;
  let said = '';

  beforeAll(async () => {
    watchTokens();
    watchOutput();
    system = await startTestSystem({ prepare: (settings) => loadDemo(settings, wren.passphrase, () => undefined) });
    secretsOf(system.settings);
    await liveTheStory();
  });
  afterAll(async () => {
    globalThis.fetch = realFetch;
    await system?.stop();
  });

  /** Tokens go between the apps, through fetch. */
  function watchTokens(): void {
    globalThis.fetch = async (...parts) => {
      const body = parts[1]?.body;
      if (body instanceof URLSearchParams || typeof body === 'string') {
        const fields = new URLSearchParams(String(body));
        for (const name of ['client_assertion', 'code_verifier', 'code', 'refresh_token', 'token'])
          secrets.add(`${name} in a request`, fields.get(name));
      }
      const response = await realFetch(...parts);
      if (response.headers.get('content-type')?.includes('json')) {
        const answer = (await response
          .clone()
          .json()
          .catch(() => ({}))) as Record<string, unknown>;
        for (const name of ['access_token', 'refresh_token', 'id_token'])
          if (typeof answer[name] === 'string') secrets.add(name, answer[name]);
      }
      return response;
    };
  }

  function watchOutput(): void {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream);
      stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
        said += String(chunk);
        return write(chunk, ...rest);
      }) as typeof stream.write;
    }
  }

  function secretsOf(settings: Settings): void {
    for (const name of ['DATA_SECRET', 'IDENTITY_SECRET', 'PASSWORD_SECRET', 'PORTAL_CLIENT_SECRET'] as const)
      secrets.add(name, settings[name]);
    for (const secret of settings.COOKIE_SECRETS) secrets.add('COOKIE_SECRETS', secret);
    secrets.add('ESER_CLIENT_KEY', String(settings.ESER_CLIENT_KEY?.d));
  }

  /** The link of the mail to Camille that leads to a page of the issuer. */
  async function linkTo(path: string): Promise<string> {
    const start = `${system.settings.ISSUER_ORIGIN}${path}?`;
    const mail = await system.mailbox.waitFor(
      ({ recipients, links }) => recipients.includes(camille.email) && links.some((link) => link.startsWith(start)),
    );
    return mail.links.find((link) => link.startsWith(start))!;
  }

  async function liveTheStory(): Promise<void> {
    const { PORTAL_ORIGIN, ISSUER_ORIGIN, ESER_ORIGIN } = system.settings;
    const passphrase = 'canary one in the coal mine';
    const changed = 'canary two above the coal mine';
    const wrong = 'canary that never fitted anything';
    for (const [what, value] of Object.entries({ passphrase, changed, wrong, demo: wren.passphrase }))
      secrets.add(`passphrase (${what})`, value);
    for (const form of ['1990-04-12', '04/12/1990', '4/12/1990', '19900412', 'April 12, 1990'])
      secrets.add('birth date', form);

    const visitor = new WatchedVisitor(secrets);
    await visitor.get(`${ISSUER_ORIGIN}/register`);
    await visitor.send({ ...camille, passphrase });
    await visitor.get(await linkTo('/confirm'));
    await visitor.send();
    await visitor.get(`${PORTAL_ORIGIN}/sign-in`);
    await visitor.send({ name: camille.userName, passphrase: wrong });
    await visitor.send({ name: camille.userName, passphrase });
    await visitor.get(`${PORTAL_ORIGIN}/staff-id`);
    await visitor.send({ firstName: camille.firstName, lastName: camille.lastName, ...birthDate });
    expect((await visitor.get(`${PORTAL_ORIGIN}/`)).text).toContain('Camille');
    await visitor.get(ESER_ORIGIN);
    await visitor.get(`${ESER_ORIGIN}/sign-in`);

    await visitor.get(`${ISSUER_ORIGIN}/forgot`);
    await visitor.send({ name: camille.userName });
    await visitor.get(await linkTo('/reset'));
    await visitor.send();
    await visitor.send({ passphrase: changed });

    const writer = new WatchedVisitor(secrets);
    await writer.get(`${ESER_ORIGIN}/sign-in`);
    await writer.send(wren);
    expect((await writer.get(ESER_ORIGIN)).text).toContain('Site 001005');
  }

  it('the story made what it should: links, codes, tokens, sessions', () => {
    const kinds = new Set(secrets.all.values());
    for (const kind of [
      'token in an address',
      'code in an address',
      'access_token',
      'id_token',
      'client_assertion in a request',
      'birth date',
    ])
      expect(kinds).toContain(kind);
    expect([...kinds].filter((kind) => kind.startsWith('cookie')).length).toBeGreaterThan(4);
  });

  it('PR-1 AU-4 stand in no table: not in jobs, messages, audit, sessions or any other', async () => {
    const orm = await MikroORM.init(databaseOptions(system.settings, 'owner'));
    try {
      const em = orm.em.fork();
      const tables = await em.execute<{ name: string }[]>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'graphile_worker') order by 1`,
      );
      expect(tables.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['public.message', 'public.audit_entry', 'graphile_worker._private_jobs']),
      );
      const found: string[] = [];
      const seen: string[] = [];
      for (const { name } of tables) {
        // The portal's session keeps its ID token, to name it to the issuer at sign-out; it opens nothing.
        const allowed = name === 'public.web_session' ? ['id_token'] : [];
        const rows = await em.execute<{ text: string }[]>(`select one::text as text from ${name} one`);
        if (rows.some(({ text }) => text.includes(camille.email))) seen.push(name);
        for (const what of secrets.in(rows.map(({ text }) => text).join('\n')))
          if (!allowed.includes(what)) found.push(`${name}: ${what}`);
      }
      expect(found).toEqual([]);
      expect(seen).toContain('public.account'); // the search finds what is there
    } finally {
      await orm.close();
    }
  });

  it('PR-1 AU-4 stand in no output of the system', () => {
    expect(secrets.in(said)).toEqual([]);
  });

  it('PR-1 no mail holds a passphrase, a code or a birth date', () => {
    const mails = system.mailbox
      .mails()
      .map((mail) => mail.source)
      .join('\n');
    expect(secrets.in(mails).filter((what) => what !== 'token in an address')).toEqual([]);
  });
});
