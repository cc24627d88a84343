import {
  anotherInstance,
  seedGrant,
  seedPerson,
  startTestProvider,
  TestBrowser,
  TestClient,
  type TestProvider,
  type SeededPerson,
} from '../../../test/support/oidc.js';
import { freePort } from '../../../test/support/ports.js';

describe('authorization', () => {
  let issuer: TestProvider;
  let client: TestClient;
  let person: SeededPerson;
  beforeAll(async () => {
    issuer = await startTestProvider();
    client = new TestClient(issuer.settings);
    person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
  });
  afterAll(() => issuer?.stop());

  /** What a browser gets at once: an error sent to the application, or a page of ours. */
  async function asked(
    others: Record<string, string | undefined>,
  ): Promise<{ sent?: URLSearchParams; page?: string; status: number }> {
    const response = await new TestBrowser(person.accountId).fetch(client.authorizeUrl(others));
    const location = response.headers.get('location');
    return location?.startsWith(client.redirectUri)
      ? {
          sent: new URLSearchParams(new URL(location).search + new URL(location).hash.replace('#', '&')),
          status: response.status,
        }
      : { page: location ?? (await response.text()), status: response.status };
  }

  it('OA-9 discovery names one issuer and says only what is on', async () => {
    const document = (await (
      await fetch(`${issuer.settings.ISSUER_ORIGIN}/.well-known/openid-configuration`)
    ).json()) as Record<string, unknown>;
    expect(document).toMatchObject({
      issuer: issuer.settings.ISSUER_ORIGIN,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['PS256', 'ES256'],
      id_token_signing_alg_values_supported: ['RS256'],
      request_uri_parameter_supported: false,
      claims_parameter_supported: false,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      authorization_endpoint: `${issuer.settings.ISSUER_ORIGIN}/oidc/auth`,
      introspection_endpoint: `${issuer.settings.ISSUER_ORIGIN}/oidc/token/introspection`,
    });
    expect(document).not.toHaveProperty('registration_endpoint');
  });

  it('OA-9 addresses come from the configuration, whatever Host or Forwarded headers say', async () => {
    const { hostname, port } = new URL(issuer.settings.ISSUER_ORIGIN);
    const { request } = await import('node:http');
    const text = await new Promise<string>((resolve, reject) => {
      request(
        {
          hostname,
          port,
          path: '/.well-known/openid-configuration',
          headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
        },
        (response) => {
          let body = '';
          response.on('data', (chunk: Buffer) => (body += chunk.toString()));
          response.on('end', () => resolve(body));
        },
      )
        .on('error', reject)
        .end();
    });
    expect(text).not.toContain('evil');
    expect(text).not.toContain('https://');
  });

  it('OA-9 the answer carries iss and state', async () => {
    const answer = await client.authorize(new TestBrowser(person.accountId));
    expect(answer.get('iss')).toBe(issuer.settings.ISSUER_ORIGIN);
    expect(answer.get('state')).toBe('state-1');
    expect([...answer.keys()].sort()).toEqual(['code', 'iss', 'state']);
  });

  it.each([
    'token',
    'id_token',
    'code id_token',
    'code token',
    'code id_token token',
    'none',
    'id_token token',
    'nonsense',
  ])('OA-1 refuses response_type %s', async (type) => {
    const { sent, page } = await asked({ response_type: type });
    expect(sent?.get('error') ?? page).toMatch(/unsupported_response_type/);
  });

  it.each([
    'password',
    'client_credentials',
    'implicit',
    'urn:ietf:params:oauth:grant-type:device_code',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    '',
  ])('OA-1 refuses grant_type %p', async (type) => {
    const answer = await client.post('/oidc/token', {
      grant_type: type,
      username: 'a',
      password: 'b',
      scope: 'openid',
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(type ? /unsupported_grant_type/ : /invalid_request/);
  });

  it.each(['form_post', 'jwt', 'web_message', 'query.jwt', 'nonsense'])(
    'OA-1 refuses response_mode %s',
    async (mode) => {
      const { sent, status } = await asked({ response_mode: mode });
      expect(status).toBe(303);
      expect(sent?.get('error')).toBe('unsupported_response_mode');
    },
  );

  it('OA-1 response_mode fragment gets its code in the query, as every other', async () => {
    expect((await client.authorize(new TestBrowser(person.accountId), { response_mode: 'fragment' })).has('code')).toBe(
      true,
    );
  });

  const origin = 'http://localhost:3002';
  const variants = [
    'http://LOCALHOST:3002/callback',
    'http://localhost:3002/Callback',
    'http://localhost:3002/callback/',
    'http://localhost:3002/callback?a=1',
    'http://localhost:3002/callback?',
    'http://localhost:3002/callback#',
    'http://localhost:3002/callback#x',
    'http://localhost:3003/callback',
    'http://localhost/callback',
    'http://localhost:03002/callback',
    'https://localhost:3002/callback',
    'http://127.0.0.1:3002/callback',
    'http://[::1]:3002/callback',
    'http://localhost.:3002/callback',
    'http://localhost:3002//callback',
    'http://localhost:3002/./callback',
    'http://localhost:3002/x/../callback',
    'http://localhost:3002/%63allback',
    'http://localhost:3002/callback%20',
    'http://localhost:3002/callback%00',
    'http://localhost:3002/callback\u0000',
    ' http://localhost:3002/callback',
    'http://localhost:3002/callback ',
    'http://user@localhost:3002/callback',
    'http://user:pw@localhost:3002/callback',
    'http://localhost:3002@evil.example/callback',
    'http://evil.example/callback',
    'http://localhost.evil.example:3002/callback',
    'http://xlocalhost:3002/callback',
    'http://lоcalhost:3002/callback',
    'http://localhost：3002/callback',
    'http:/localhost:3002/callback',
    'http:\\\\localhost:3002\\callback',
    '//localhost:3002/callback',
    '/callback',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://localhost:3002/callback,http://evil.example',
    'http://localhost:3002/callback%2F',
    'http://localhost:3002/*',
  ];
  it.each(variants)('OA-2 shows an error page and sends nobody to %j', async (uri) => {
    expect(client.redirectUri).toBe(`${origin}/callback`);
    const { sent, page, status } = await asked({ redirect_uri: uri });
    expect(sent).toBeUndefined();
    expect(status).toBe(400);
    expect(page).toContain('could not be finished');
  });

  it('OA-2 the redirect URI must be sent although one alone is registered; a wrong client gets a page', async () => {
    for (const others of [
      { redirect_uri: undefined },
      { client_id: 'nobody' },
      { client_id: undefined },
      { client_id: '__proto__' },
    ]) {
      const { sent, page, status } = await asked(others);
      expect(sent).toBeUndefined();
      expect(status).toBe(400);
      expect(page).toContain('could not be finished');
    }
    const page = await (
      await fetch(
        client.authorizeUrl({
          client_id: '"><script>alert(1)</script>',
          state: '<img onerror=alert(1)>',
          redirect_uri: '"><b>',
        }),
      )
    ).text();
    expect(page).not.toMatch(/alert|<b>|onerror/);
  });

  it.each([
    ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['no method', { code_challenge_method: undefined }],
    ['plain', { code_challenge_method: 'plain' }],
    ['a challenge that is none', { code_challenge: 'short' }],
  ])('OA-3 refuses %s', async (_, others) => {
    for (const id of ['eser', 'portal'] as const) {
      const one = new TestClient(issuer.settings, id);
      const response = await new TestBrowser(person.accountId).fetch(one.authorizeUrl(others));
      expect(new URL(response.headers.get('location')!).searchParams.get('error')).toBe('invalid_request');
    }
  });

  it.each([
    ['request', 'eyJhbGciOiJub25lIn0.e30.'],
    ['request_uri', 'http://169.254.169.254/latest'],
    ['request_uri', 'https://evil.example/ro'],
    ['registration', '{}'],
    ['request_uri', 'urn:ietf:params:oauth:request_uri:nobody'],
  ])('OA-16 refuses %s %s and fetches nothing', async (name, value) => {
    const { sent, page } = await asked({ [name]: value });
    expect(sent?.get('error') ?? page).toMatch(/not_supported|invalid_request/);
  });

  it.each([
    'http://127.0.0.1:1/jwks',
    'http://169.254.169.254/',
    'http://localhost:5432',
    'http://[::1]/',
    'file:///etc/passwd',
    'http://10.0.0.1/',
    'gopher://x/',
    'https://evil.example/',
    'http://0.0.0.0/',
    'http://metadata/',
  ])('OA-16 nobody registers a client that names %s', async (address) => {
    for (const path of ['/oidc/reg', '/reg', '/oidc/register']) {
      const response = await fetch(new URL(path, issuer.settings.ISSUER_ORIGIN), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['https://evil.example/cb'],
          jwks_uri: address,
          sector_identifier_uri: address,
          logo_uri: address,
        }),
      });
      expect(response.status).toBe(404);
    }
  });

  it('OA-14 the interaction belongs to the browser that began it', async () => {
    const other = await seedPerson(issuer.sql);
    const [waiting, intruder] = [new TestBrowser(), new TestBrowser(other.accountId)];
    const open = await waiting.walk(client.authorizeUrl(), 'http://nowhere');
    expect(open.url.pathname).toMatch(/^\/interaction\//);
    const began = await intruder.fetch(client.authorizeUrl());
    expect(began.status).toBe(303);
    const stolen = await intruder.fetch(open.url.href);
    expect(stolen.status).not.toBe(303);
    const bare = await new TestBrowser(other.accountId).fetch(open.url.href);
    expect(bare.status).not.toBe(303);
    expect(
      await new TestBrowser(other.accountId)
        .fetch(open.url.href.replace('/interaction/', '/oidc/auth/'))
        .then((it) => it.status),
    ).toBe(400);
    const { rows } = await issuer.sql.query(
      `select payload ? 'result' as done from oidc_artifact where kind = 'Interaction' and payload -> 'params' ->> 'client_id' = 'eser' and not payload ? 'session'`,
    );
    expect(rows.every((row: { done: boolean }) => !row.done)).toBe(true);
  });

  it('OA-14 a finished interaction answers once, also to two requests in the same instant', async () => {
    const browser = new TestBrowser(person.accountId);
    const interaction = new URL(
      (await browser.fetch(client.authorizeUrl())).headers.get('location')!,
      issuer.settings.ISSUER_ORIGIN,
    );
    const resume = (await browser.fetch(interaction.href)).headers.get('location')!;
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => fetch(resume, { headers: { cookie }, redirect: 'manual' })),
    );
    expect(answers.filter((answer) => answer.headers.get('location')?.includes('code='))).toHaveLength(1);
  });

  it('OA-14 a person who signs in where another sat ends the other session', async () => {
    const other = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, other);
    const first = new TestBrowser(person.accountId);
    const tokens = await client.tokens(first);
    const second = new TestBrowser(other.accountId);
    for (const [name, value] of first.cookies) second.cookies.set(name, value);
    const answer = await client.authorize(second, { prompt: 'login' });
    const redeemed = await client.redeem(answer.get('code')!);
    expect(redeemed.status).toBe(200);
    expect((await client.refresh(tokens.refresh_token!)).body.error).toBe('invalid_grant');
    const payload = JSON.parse(Buffer.from(redeemed.body.access_token!.split('.')[1]!, 'base64url').toString()) as {
      sub: string;
    };
    expect(payload.sub).toBe(other.accountId);
  });

  it('SE-2 every cookie is ours, HttpOnly, SameSite=Lax, for the whole site, and tells nothing', async () => {
    const browser = new TestBrowser(person.accountId);
    await client.code(browser);
    expect(browser.setCookies.length).toBeGreaterThan(4);
    for (const line of browser.setCookies) {
      expect(line).toMatch(/^edlink_issuer_(session|interaction|resume)(\.sig)?=/);
      expect(line).toMatch(/; path=\/(;|$)/i);
      expect(line).toMatch(/; httponly/i);
      expect(line).toMatch(/; samesite=lax/i);
      expect(line).not.toMatch(/domain=/i);
      expect(line).not.toContain(person.accountId);
    }
  });

  it('SE-2 where the issuer is https every cookie is __Host-, Secure and for the whole site', async () => {
    const secure = await anotherInstance({ ...issuer.settings, ISSUER_ORIGIN: 'https://id.example.gov' });
    const port = await freePort();
    await secure.listen(port, '127.0.0.1');
    const { request } = await import('node:http');
    const visit = (address: string, cookie = ''): Promise<{ lines: string[]; location?: string }> =>
      new Promise((resolve, reject) => {
        const headers = { host: 'id.example.gov', cookie, 'x-test-account': person.accountId };
        const { pathname, search } = new URL(address, 'https://id.example.gov');
        request({ port, host: '127.0.0.1', path: pathname + search, headers }, (response) => {
          response.resume();
          resolve({ lines: response.headers['set-cookie'] ?? [], location: response.headers.location });
        })
          .on('error', reject)
          .end();
      });
    const all: string[] = [];
    let at = client.authorizeUrl();
    for (let step = 0; step < 3; step += 1) {
      const { lines, location } = await visit(at, all.map((line) => line.split(';')[0]).join('; '));
      all.push(...lines);
      at = location!;
    }
    expect(at).toContain('code=');
    expect(new Set(all.map((line) => line.split(/[.=]/)[0]))).toEqual(
      new Set(['__Host-edlink_issuer_interaction', '__Host-edlink_issuer_resume', '__Host-edlink_issuer_session']),
    );
    for (const line of all) {
      expect(line).toMatch(/; path=\/(;|$)/i);
      expect(line).toMatch(/; secure/i);
      expect(line).toMatch(/; httponly/i);
      expect(line).toMatch(/; samesite=lax/i);
      expect(line).not.toMatch(/domain=/i);
    }
    await secure.close();
  });

  it('SE-1 a table dump holds no id a browser or application could use', async () => {
    const browser = new TestBrowser(person.accountId);
    const tokens = await client.tokens(browser);
    const code = await client.code(browser);
    const { rows } = await issuer.sql.query('select t::text as row from oidc_artifact t');
    const dump = (rows as { row: string }[]).map((one) => one.row).join('\n');
    const session = browser.cookies.get('edlink_issuer_session')!;
    for (const secret of [code, tokens.refresh_token!, session]) {
      expect(secret.length).toBeGreaterThanOrEqual(21);
      expect(dump).not.toContain(secret);
    }
  });

  it('SE-1 the session id is new after signing in', async () => {
    const before = new TestBrowser();
    await before.walk(client.authorizeUrl(), 'http://nowhere');
    const planted = new TestBrowser(person.accountId);
    for (const [name, value] of before.cookies) planted.cookies.set(name, value);
    await client.code(planted);
    const first = planted.cookies.get('edlink_issuer_session');
    await client.code(planted, { prompt: 'login' });
    expect(planted.cookies.get('edlink_issuer_session')).not.toBe(first);
    expect(before.cookies.get('edlink_issuer_session')).not.toBe(first);
  });

  it('prompt=none answers login_required to a stranger and a code to who is signed in', async () => {
    expect((await client.authorize(new TestBrowser(), { prompt: 'none' })).get('error')).toBe('login_required');
    const browser = new TestBrowser(person.accountId);
    await client.code(browser);
    expect((await client.authorize(browser, { prompt: 'none' })).get('code')).toBeTruthy();
  });

  it('CORS: no browser script of another origin reads tokens', async () => {
    for (const path of ['/oidc/token', '/oidc/token/introspection', '/oidc/token/revocation']) {
      const answer = await client.post(
        path,
        { grant_type: 'authorization_code', token: 'x' },
        { origin: 'https://evil.example' },
      );
      expect(answer.body.error).toBe('invalid_request');
    }
  });
});
