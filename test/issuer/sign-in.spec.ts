import { Passwords } from '#accounts';
import { passphrase } from '../support/accounts.js';
import { startIssuer, type TestIssuer } from '../support/issuer.js';
import type { SeenPage } from '../support/visitor.js';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer({ TRUSTED_PROXY_HOPS: '1' });
});
afterAll(() => issuer?.stop());
beforeEach(() => issuer.sql(`delete from attempt_counter`));

const refusals = () =>
  issuer.sql<{ action: string; target: string | null; reason: string; address: string }>(
    `select action, target, reason, address from audit_entry where result = 'refused' order by id`,
  );
const hashes = (): number => issuer.app.get(Passwords, { strict: false }).done;

/** An answer without what differs from one request to the next: form token, date, ids of the interaction, the name that was typed. */
const masked = (page: SeenPage, typed: string[]): string => {
  const headers = [...page.headers]
    .filter(([name]) => !['date', 'set-cookie', 'content-length', 'keep-alive'].includes(name))
    .map((pair) => pair.join(': '));
  const cookies = page.headers
    .getSetCookie()
    .map((cookie) => cookie.replace(/=[^;]*/, '=x').replace(/Expires=[^;]*/i, 'Expires=x'));
  const body = typed.reduce((html, text) => html.replaceAll(text, 'TYPED'), page.html);
  return [page.status, page.location, ...headers, ...cookies, body]
    .join('\n')
    .replace(/name="_token" value="\w+"/g, 'TOKEN')
    .replace(/\/interaction\/[\w-]+/g, '/interaction/UID');
};

describe('signing in', () => {
  it('shows the notice, the way to register and the way out of a forgotten passphrase', async () => {
    const page = await issuer.toSignIn(issuer.visitor());
    expect([page.status, page.url.pathname.startsWith('/interaction/')]).toEqual([200, true]);
    for (const words of [
      'For authorized use only',
      'What you do here is recorded',
      'Forgot your passphrase?',
      'Register',
    ])
      expect(page.text).toContain(words);
    for (const part of ['autocomplete="username"', 'autocomplete="current-password"'])
      expect(page.html).toContain(part);
  });

  it('goes back to the application with a code and the issuer’s name', async () => {
    await issuer.account('marie.l');
    const visitor = issuer.visitor();
    await issuer.toSignIn(visitor);
    const end = await visitor.send({ name: 'Marie.L@acadia.example.org', passphrase });
    const back = new URL(end.location!);
    expect([back.origin, back.pathname, back.searchParams.get('state'), back.searchParams.get('iss')]).toEqual([
      issuer.settings.PORTAL_ORIGIN,
      '/sign-in/callback',
      'some-state',
      issuer.origin,
    ]);
    expect(back.searchParams.get('code')).toMatch(/^[\w-]{40,}$/);
    const account = await visitor.get(`${issuer.origin}/account`);
    expect(account.text).toContain('marie.l@acadia.example.org');
  });

  it('AU-2 a refused sign-in leaves exactly one row, with who was meant and from where', async () => {
    const id = await issuer.account('refused.one');
    const visitor = issuer.visitor();
    visitor.headers = { 'x-forwarded-for': '203.0.113.99' };
    await issuer.toSignIn(visitor);
    const before = (await refusals()).length;
    const page = await visitor.send({ name: 'refused.one', passphrase: 'not the passphrase' });
    expect(page.status).toBe(422);
    expect(page.html).toContain('value="refused.one"');
    expect((await refusals()).slice(before)).toEqual([
      {
        action: 'account.sign-in',
        target: `account:${id}`,
        reason: 'accounts.sign-in-refused',
        address: '203.0.113.99',
      },
    ]);
    await visitor.send({ name: 'nobody.here', passphrase: 'not the passphrase' });
    expect((await refusals()).slice(before + 1)).toEqual([
      { action: 'account.sign-in', target: null, reason: 'accounts.sign-in-refused', address: '203.0.113.99' },
    ]);
    await visitor.send({ name: 'nobody.here', passphrase: '' }); // nothing was tried
    expect((await refusals()).length).toBe(before + 2);
  });

  it('OA-14 a sign-in is finished only by the browser that began it', async () => {
    await issuer.account('own.browser');
    const [mine, theirs] = [issuer.visitor(), issuer.visitor()];
    await issuer.toSignIn(mine);
    await issuer.toSignIn(theirs);
    const { action: path, hidden } = theirs.form();
    const action = `${issuer.origin}${path}`;
    const page = await mine.once('POST', action, { ...mine.form().hidden, name: 'own.browser', passphrase });
    expect(page.status).toBe(404);
    expect((await issuer.visitor().once('POST', action, { ...hidden, name: 'own.browser', passphrase })).status).toBe(
      403,
    );
    expect((await issuer.visitor().get(`${issuer.origin}/interaction/invented`)).status).toBe(404);
  });

  it('LK-2 only the configured hop names the source: invented chains and nonsense do not escape the limit', async () => {
    const tries = async (forwarded: (at: number) => string): Promise<number> => {
      await issuer.sql(`delete from attempt_counter`);
      const visitor = issuer.visitor();
      await issuer.toSignIn(visitor);
      const before = hashes();
      const { action, hidden } = visitor.form();
      const one = (at: number) =>
        visitor.once(
          'POST',
          `${issuer.origin}${action}`,
          { ...hidden, name: `stuffed.${at}`, passphrase: 'not the passphrase' },
          { 'x-forwarded-for': forwarded(at) },
        );
      for (let from = 0; from < 120; from += 20)
        await Promise.all(Array.from({ length: 20 }, (_, at) => one(from + at)));
      return hashes() - before;
    };
    const chain = (at: number): string =>
      Array.from({ length: 20 }, (_, hop) => `198.51.100.${(at * 20 + hop) % 250}`).join(', ');
    expect(await tries((at) => `${chain(at)}, 203.0.113.7`)).toBe(100);
    expect(await tries((at) => `nonsense ${at}`)).toBe(100);
    expect(await tries((at) => `203.0.113.7:${5000 + at}`)).toBe(100);
  });

  it('PW-5 five hundred wrong sign-ins at once: 422 or 503 with Retry-After, and other pages still come', async () => {
    const visitor = issuer.visitor();
    await issuer.toSignIn(visitor);
    const { action, hidden } = visitor.form();
    const cookie = [...visitor.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
    const post = async (at: number): Promise<string> => {
      const answer = await fetch(`${issuer.origin}${action}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ ...hidden, name: `crowd.${at}`, passphrase: 'not the passphrase' }),
        headers: { accept: 'text/html', cookie, origin: issuer.origin, 'x-forwarded-for': `198.51.${at % 250}.1` },
      });
      await answer.arrayBuffer();
      return `${answer.status} ${answer.headers.get('retry-after') ?? ''}`.trim();
    };
    const crowd = Promise.all(Array.from({ length: 500 }, (_, at) => post(at)));
    const started = performance.now();
    expect((await issuer.visitor().get(`${issuer.origin}/register`)).status).toBe(200);
    const waited = performance.now() - started;
    expect((await crowd).filter((answer) => answer !== '422' && answer !== '503 5')).toEqual([]);
    expect(waited).toBeLessThan(5000);
  });

  it('LK-1 a browser the account knows is not kept waiting by strangers', async () => {
    await issuer.account('besieged');
    const owner = await issuer.signedIn('besieged');
    const strangers = issuer.visitor();
    await issuer.toSignIn(strangers);
    for (let at = 0; at < 8; at++) await strangers.send({ name: 'besieged', passphrase: 'not the passphrase' });
    expect((await strangers.send({ name: 'besieged', passphrase })).status).toBe(422);
    for (const name of [...owner.cookies.keys()]) if (!name.endsWith('_device')) owner.cookies.delete(name);
    await issuer.toSignIn(owner);
    expect((await owner.send({ name: 'besieged', passphrase })).location).toContain('/sign-in/callback?code=');
  });
});

describe('EN-1 nobody learns whether an account exists', () => {
  /** Seven states of an account; the names have the same length, so that masking is fair. */
  const states = [
    'stateactive',
    'statelocked',
    'statespent0',
    'statedisabl',
    'statefrozen',
    'stateunveri',
    'stateabsent',
  ];

  beforeAll(async () => {
    for (const name of states.slice(0, 5)) await issuer.account(name);
    await issuer.sql(`update account set status = 'disabled' where user_name = 'statedisabl'`);
    await issuer.sql(`update account set status = 'frozen' where user_name = 'statefrozen'`);
    const visitor = issuer.visitor();
    await visitor.get(`${issuer.origin}/register`);
    await visitor.send({
      firstName: 'Inez',
      lastName: 'Guidry',
      userName: 'stateunveri',
      email: 'stateunveri@acadia.example.org',
      passphrase,
    });
  });

  /** Counters as the states want them. */
  async function lock(): Promise<void> {
    await issuer.sql(`delete from attempt_counter`);
    for (const [name, count] of [
      ['statelocked', 12],
      ['statespent0', 100],
    ] as const) {
      await issuer.sql(
        `insert into attempt_counter (key, count, not_before, window_ends_at) select 'sign-in:account:' || id, ?, now() + interval '1 hour', now() + interval '1 day' from account where user_name = ?`,
        [count, name],
      );
    }
  }

  const routes: Record<string, (name: string) => Promise<SeenPage[]>> = {
    'sign-in': async (name) => {
      const visitor = issuer.visitor();
      await issuer.toSignIn(visitor);
      return [await visitor.send({ name, passphrase: 'not the passphrase' })];
    },
    'sign-in by address': async (name) => {
      const visitor = issuer.visitor();
      await issuer.toSignIn(visitor);
      return [await visitor.send({ name: `${name}@acadia.example.org`, passphrase: 'not the passphrase' })];
    },
    register: async (name) => {
      const visitor = issuer.visitor();
      await visitor.get(`${issuer.origin}/register`);
      const { action, hidden } = visitor.form();
      const answer = await visitor.once('POST', action, {
        ...hidden,
        firstName: 'Inez',
        lastName: 'Guidry',
        userName: name,
        email: `${name}@acadia.example.org`,
        passphrase,
      });
      return [answer, await visitor.get(answer.location!)];
    },
    'register with a fault': async (name) => {
      const visitor = issuer.visitor();
      await visitor.get(`${issuer.origin}/register`);
      return [
        await visitor.send({
          firstName: '',
          lastName: 'Guidry',
          userName: name,
          email: `${name}@acadia.example.org`,
          passphrase: 'short',
        }),
      ];
    },
    forgot: async (name) => {
      const visitor = issuer.visitor();
      await visitor.get(`${issuer.origin}/forgot`);
      const { action, hidden } = visitor.form();
      const answer = await visitor.once('POST', action, { ...hidden, name });
      return [answer, await visitor.get(answer.location!)];
    },
    'forgot, sent again and again': async (name) => {
      const visitor = issuer.visitor();
      const pages: SeenPage[] = [];
      for (let at = 0; at < 5; at++) {
        await visitor.get(`${issuer.origin}/forgot`);
        const { action, hidden } = visitor.form();
        pages.push(await visitor.once('POST', action, { ...hidden, name: `${name}@acadia.example.org` }));
      }
      return pages;
    },
  };

  it.each(Object.keys(routes))('EN-1 %s: the same bytes for seven states of an account', async (route) => {
    const answers = new Map<string, string[]>();
    for (const name of states) {
      await lock();
      const before = hashes();
      const pages = await routes[route]!(name);
      const answer = pages.map((page) => masked(page, [name])).join('\n----\n');
      answers.set(answer, [...(answers.get(answer) ?? []), name]);
      if (!['statelocked', 'statespent0'].includes(name) || !route.startsWith('sign-in')) {
        // EN-2: one hash for sign-in and registration, none for the others, whatever the account.
        expect([route, hashes() - before]).toEqual([
          route,
          ['sign-in', 'sign-in by address', 'register'].includes(route) ? 1 : 0,
        ]);
      }
    }
    expect([...answers.values()]).toEqual([states]);
  });

  it('EN-4 with the right passphrase a closed account answers like a wrong one', async () => {
    const answers = new Set<string>();
    for (const name of ['statelocked', 'statespent0', 'statedisabl', 'statefrozen', 'stateabsent']) {
      await lock();
      const visitor = issuer.visitor();
      await issuer.toSignIn(visitor);
      answers.add(masked(await visitor.send({ name, passphrase }), [name]));
    }
    expect(answers.size).toBe(1);
  });

  it('RS-5 none of it signed anybody in', async () => {
    expect(
      await issuer.sql(`select 1 from account where signed_in_at > to_timestamp(0) and user_name like 'state%'`),
    ).toHaveLength(0);
  });
});
