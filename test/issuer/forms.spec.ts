import { routesOf } from '#web';
import { passphrase } from '../support/accounts.js';
import { startIssuer, type TestIssuer } from '../support/issuer.js';
import type { Visitor } from '../support/visitor.js';

let issuer: TestIssuer;
let visitor: Visitor;
/** An address for each route, and what a person would send there. */
let filled: Record<string, { path: string; fields: Record<string, string> }>;

beforeAll(async () => {
  issuer = await startIssuer();
  await issuer.account('form.filler');
  visitor = await issuer.signedIn('form.filler');
  const asking = await issuer.toSignIn(visitor); // signed in: leads straight back, so that an interaction of a stranger is needed
  expect(asking.location).toContain('/sign-in/callback');
  const stranger = issuer.visitor();
  const interaction = (await issuer.toSignIn(stranger)).url.pathname;
  for (const [name, cookie] of stranger.cookies) if (name.includes('interaction')) visitor.cookies.set(name, cookie);
  filled = {
    'POST /register': {
      path: '/register',
      fields: {
        firstName: 'Inez',
        lastName: 'Guidry',
        userName: 'mass.assigner',
        email: 'mass@acadia.example.org',
        passphrase,
      },
    },
    'POST /confirm': { path: '/confirm', fields: {} },
    'POST /interaction/:uid': { path: interaction, fields: { name: 'form.filler', passphrase } },
    'POST /sign-out': { path: '/sign-out', fields: {} },
    'POST /forgot': { path: '/forgot', fields: { name: 'form.filler' } },
    'POST /reset': { path: '/reset', fields: {} },
    'POST /reset/passphrase': { path: '/reset/passphrase', fields: { passphrase: 'copper ladder winter thimble' } },
    'POST /account/passphrase': {
      path: '/account/passphrase',
      fields: { current: passphrase, passphrase: 'copper ladder winter thimble' },
    },
    'POST /account/address': {
      path: '/account/address',
      fields: { email: 'mass@bayou.example.org', current: passphrase },
    },
    'POST /account/sign-out-everywhere': { path: '/account/sign-out-everywhere', fields: {} },
    'POST /address': { path: '/address', fields: {} },
    'POST /not-me': { path: '/not-me', fields: {} },
  };
});
afterAll(() => issuer?.stop());

/** Everything that a form could have changed. */
const state = () =>
  issuer.sql(
    `select (select json_agg(a order by id) from account a)::text || (select count(*) from registration) || (select count(*) from address_change) || (select count(*) from message) || (select count(*) from audit_entry where result = 'done') as state`,
  );

describe('forms', () => {
  it('WB-1 the list of forms is the route table', () => {
    expect(Object.keys(filled).sort()).toEqual(
      routesOf(issuer.app)
        .filter((route) => route.method !== 'GET')
        .map((route) => `${route.method} ${route.path}`)
        .sort(),
    );
    expect(
      routesOf(issuer.app).filter((route) => route.access !== 'anyone' && !route.path.startsWith('/account')),
    ).toEqual([]);
  });

  it('WB-1 no form is taken without the token of this browser and session, from elsewhere, or in another type', async () => {
    const { hidden } = await visitor
      .get(`${issuer.origin}/account/passphrase`)
      .then(() => visitor.form('/account/passphrase'));
    const other = issuer.visitor();
    await other.get(`${issuer.origin}/register`);
    const foreign = other.form().hidden;
    const before = await state();
    for (const [route, { path, fields }] of Object.entries(filled)) {
      const post = async (
        body: Record<string, string> | string,
        headers: Record<string, string> = {},
      ): Promise<number> => (await visitor.once('POST', `${issuer.origin}${path}`, body, headers)).status;
      const json = JSON.stringify({ ...fields, ...hidden });
      const answers = {
        'no token': await post(fields),
        'another browser’s token': await post({ ...fields, ...foreign }),
        'two tokens': await post(`${new URLSearchParams({ ...fields, ...hidden }).toString()}&_token=x`, {
          'content-type': 'application/x-www-form-urlencoded',
        }),
        'foreign origin': await post({ ...fields, ...hidden }, { origin: 'https://evil.test' }),
        'null origin': await post({ ...fields, ...hidden }, { origin: 'null' }),
        'cross-site': await post({ ...fields, ...hidden }, { 'sec-fetch-site': 'cross-site' }),
        'same-site': await post({ ...fields, ...hidden }, { 'sec-fetch-site': 'same-site' }),
        'text/plain': await post(json, { 'content-type': 'text/plain' }),
        'method override': await post({ ...fields, ...foreign, _method: 'GET' }, { 'x-http-method-override': 'GET' }),
      };
      expect([route, Object.entries(answers).filter(([, status]) => status !== 403)]).toEqual([route, []]);
      for (const method of ['PUT', 'PATCH', 'DELETE'])
        expect([
          route,
          method,
          (await visitor.once(method, `${issuer.origin}${path}`, { ...fields, ...hidden })).status,
        ]).toEqual([route, method, 404]);
    }
    expect(await state()).toEqual(before);
  });

  it('IN-1 a field a form does not know is refused, and nothing is written', async () => {
    const { hidden } = await visitor
      .get(`${issuer.origin}/account/passphrase`)
      .then(() => visitor.form('/account/passphrase'));
    const before = await state();
    for (const [route, { path, fields }] of Object.entries(filled)) {
      if (route === 'POST /sign-out') continue; // reads nothing
      for (const name of [
        'id',
        'status',
        'role',
        'siteId',
        'verified',
        'isAdmin',
        'version',
        'accountId',
        'passwordHash',
        'email_version',
        'constructor',
        'toString',
      ]) {
        const page = await visitor.once(
          'POST',
          `${issuer.origin}${path}`,
          `${new URLSearchParams({ ...fields, ...hidden }).toString()}&${name}=1`,
          { 'content-type': 'application/x-www-form-urlencoded' },
        );
        expect([route, name, page.status]).toEqual([route, name, 400]);
      }
      // The urlencoded parser never lets this one through; JSON does.
      const json = JSON.stringify({ ...fields, ...hidden }).replace('{', '{"__proto__":{"status":"active"},');
      expect([
        route,
        (await visitor.once('POST', `${issuer.origin}${path}`, json, { 'content-type': 'application/json' })).status,
      ]).toEqual([route, 400]);
    }
    expect(await state()).toEqual(before);
  });

  it('IN-1 each field sent twice, as an object, missing or far too long: a clear answer', async () => {
    const { hidden } = await visitor
      .get(`${issuer.origin}/account/passphrase`)
      .then(() => visitor.form('/account/passphrase'));
    const before = await state();
    for (const [route, { path, fields }] of Object.entries(filled)) {
      for (const name of Object.keys(fields)) {
        await issuer.sql(`delete from attempt_counter`);
        const whole = new URLSearchParams({ ...fields, ...hidden });
        const without = new URLSearchParams([...whole].filter(([key]) => key !== name));
        const send = async (body: string, type = 'application/x-www-form-urlencoded'): Promise<number> =>
          (await visitor.once('POST', `${issuer.origin}${path}`, body, { 'content-type': type })).status;
        const answers = [
          await send(`${whole.toString()}&${name}=again`),
          await send(without.toString()),
          await send(JSON.stringify({ ...fields, ...hidden, [name]: { $ne: null } }), 'application/json'),
          await send(JSON.stringify({ ...fields, ...hidden, [name]: 7 }), 'application/json'),
        ];
        expect([route, name, answers.filter((status) => status !== 422)]).toEqual([route, name, []]);
        expect(await send(`${without.toString()}&${name}=${'x'.repeat(10_000_000)}`)).toBe(413);
      }
    }
    expect(await state()).toEqual(before);
  });

  it('WB-2 every page carries the headers, also those that tell of a fault', async () => {
    const paths = [
      ...new Set(
        routesOf(issuer.app)
          .filter((route) => route.method === 'GET')
          .map((route) => route.path.replace(':uid', 'x')),
      ),
      '/nowhere',
      '/confirm?token=x',
    ];
    for (const path of paths) {
      const { headers, status } = await issuer.visitor().once('GET', `${issuer.origin}${path}`);
      const csp = headers.get('content-security-policy') ?? '';
      for (const part of [
        "default-src 'none'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        `form-action 'self'`,
      ])
        expect([path, status, csp.includes(part)]).toEqual([path, status, true]);
      expect(csp).not.toContain('unsafe');
      expect([
        path,
        headers.get('x-content-type-options'),
        headers.get('cache-control'),
        headers.get('cross-origin-opener-policy'),
        headers.get('x-powered-by'),
      ]).toEqual([path, 'nosniff', 'no-store', 'same-origin', null]);
    }
  });

  it('SE-2 every cookie of ours is closed to scripts, same-site, for the whole host, and holds nothing about the person', async () => {
    const everything = [...visitor.cookies].map(([name, { value }]) => `${name}=${value}`).join('\n');
    expect(everything).not.toMatch(/form\.filler|acadia|Fontenot/);
    const fresh = issuer.visitor();
    const set: string[] = [];
    for (const path of ['/register', '/confirm?token=x', '/reset?token=x', '/address?token=x', '/not-me?token=x'])
      set.push(...(await fresh.once('GET', `${issuer.origin}${path}`)).headers.getSetCookie());
    expect(set.length).toBeGreaterThanOrEqual(5);
    for (const cookie of set) expect(cookie).toMatch(/Path=\/;.*HttpOnly; SameSite=Lax/);
  });
});
