import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { newToken } from '#kernel';
import {
  seedGrant,
  seedPerson,
  startTestProvider,
  TestBrowser,
  TestClient,
  type TestProvider,
} from '../../../test/support/oidc.js';

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('client authentication', () => {
  let issuer: TestProvider;
  let client: TestClient;
  let browser: TestBrowser;
  beforeAll(async () => {
    issuer = await startTestProvider();
    client = new TestClient(issuer.settings);
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    browser = new TestBrowser(person.accountId);
  });
  afterAll(() => issuer?.stop());

  const now = (): number => Math.floor(Date.now() / 1000);
  const attempt = async (assertion: string): Promise<string | undefined> =>
    (await client.redeem(await client.code(browser), { client_assertion: assertion, client_assertion_type: type })).body
      .error;

  it('OA-6 the same assertion 8 times in parallel: one success', async () => {
    for (let round = 0; round < 20; round += 1) {
      const assertion = await client.assertion();
      const codes = [];
      for (let one = 0; one < 8; one += 1) codes.push(await client.code(browser));
      const answers = await Promise.all(
        codes.map((code) => client.redeem(code, { client_assertion: assertion, client_assertion_type: type })),
      );
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
      expect(answers.filter((answer) => answer.body.error === 'invalid_client')).toHaveLength(7);
    }
  });

  it('OA-6 an assertion used before is refused', async () => {
    const assertion = await client.assertion();
    expect(await attempt(assertion)).toBeUndefined();
    expect(await attempt(assertion)).toBe('invalid_client');
  });

  it('AU-2 an application that does not prove who it is leaves a row, once a minute for each network', async () => {
    const rows = async (): Promise<unknown[]> =>
      (
        await issuer.sql.query(
          `select target, client, address, result, reason from audit_entry where action = 'client.authenticate' order by target`,
        )
      ).rows as unknown[];
    await issuer.sql.query(`alter table audit_entry disable trigger all`);
    await issuer.sql.query(`delete from audit_entry where action = 'client.authenticate'`);
    const wrong = { authorization: `Basic ${Buffer.from('reporting:wrong').toString('base64')}` };
    const stranger = { authorization: `Basic ${Buffer.from('nobody:wrong').toString('base64')}` };
    const reporting = new TestClient(issuer.settings, 'reporting');
    for (let round = 0; round < 5; round += 1)
      for (const headers of [wrong, stranger])
        for (const path of ['/oidc/token', '/oidc/token/introspection', '/oidc/token/revocation'])
          expect(
            (
              await reporting.post(
                path,
                { token: 'x', grant_type: 'refresh_token', refresh_token: 'x' },
                { ...headers },
              )
            ).body.error,
          ).toBe('invalid_client');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const row = { client: 'issuer', address: '127.0.0.1', result: 'refused', reason: 'tokens.client-refused' };
    expect(await rows()).toEqual([
      { target: 'client:reporting', ...row },
      { target: 'client:unknown', ...row },
    ]);
  });

  const bent: [string, () => Promise<string>][] = [
    ['aud as a list', () => client.assertion({ claims: { aud: [issuer.settings.ISSUER_ORIGIN] } })],
    [
      'aud of the token endpoint',
      () => client.assertion({ claims: { aud: `${issuer.settings.ISSUER_ORIGIN}/oidc/token` } }),
    ],
    ['aud with a slash more', () => client.assertion({ claims: { aud: `${issuer.settings.ISSUER_ORIGIN}/` } })],
    ['aud of another issuer', () => client.assertion({ claims: { aud: 'https://other.example' } })],
    ['no aud', () => client.assertion({ claims: { aud: undefined } })],
    ['exp in the past', () => client.assertion({ claims: { exp: now() - 300 } })],
    ['exp in five minutes', () => client.assertion({ claims: { exp: now() + 300 } })],
    ['no exp', () => client.assertion({ claims: { exp: undefined } })],
    ['nbf in a minute', () => client.assertion({ claims: { nbf: now() + 61 } })],
    ['no sub', () => client.assertion({ claims: { sub: undefined } })],
    ['sub of another client', () => client.assertion({ claims: { sub: 'portal' } })],
    ['iss of another client', () => client.assertion({ claims: { iss: 'portal' } })],
    ['no jti', () => client.assertion({ claims: { jti: undefined } })],
    [
      'alg none',
      async () => {
        const [, payload] = (await client.assertion()).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
      },
    ],
    [
      'HS256 with the public key as the secret',
      async () => {
        const [, payload] = (await client.assertion()).split('.');
        const secret = createHash('sha256').update(JSON.stringify(issuer.settings.ESER_CLIENT_KEYS)).digest();
        return new SignJWT(JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(secret);
      },
    ],
    [
      'another algorithm of the same key',
      async () => {
        const [, payload, signature] = (await client.assertion()).split('.');
        return `${Buffer.from('{"alg":"RS256","kid":"eser-test"}').toString('base64url')}.${payload}.${signature}`;
      },
    ],
    ['a damaged signature', async () => `${(await client.assertion()).slice(0, -8)}AAAAAAAA`],
    ['nonsense', async () => 'a.b.c'],
  ];
  it.each(bent)('OA-6 refuses %s', async (_, assertion) => {
    expect(['invalid_client', 'invalid_request']).toContain(await attempt(await assertion()));
  });

  it('OA-6 a clock 8 seconds ahead is accepted', async () => {
    expect(
      await attempt(await client.assertion({ claims: { iat: now() + 8, nbf: now() + 8, exp: now() + 60 } })),
    ).toBeUndefined();
  });

  it('OA-6 eSER cannot fall back to a secret or to none', async () => {
    const code = await client.code(browser);
    for (const headers of [
      { authorization: `Basic ${Buffer.from(`eser:${newToken()}`).toString('base64')}` },
      { authorization: 'Basic !!!' },
    ]) {
      const answer = await fetch(new URL('/oidc/token', issuer.settings.ISSUER_ORIGIN), {
        method: 'POST',
        headers,
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: client.redirectUri,
          code_verifier: client.verifier,
        }),
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    const bare = await fetch(new URL('/oidc/token', issuer.settings.ISSUER_ORIGIN), {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'eser', grant_type: 'authorization_code', code }),
    });
    expect(bare.status).toBe(401);
  });

  it('OA-6 a wrong secret, a secret in the body and an HMAC assertion do not authenticate the portal', async () => {
    const portal = new TestClient(issuer.settings, 'portal');
    const code = await portal.code(browser);
    expect(
      (
        await portal.post(
          '/oidc/token',
          { grant_type: 'authorization_code', code },
          { authorization: `Basic ${Buffer.from('portal:wrong').toString('base64')}` },
        )
      ).body.error,
    ).toBe('invalid_client');
    const secret = issuer.settings.PORTAL_CLIENT_SECRET;
    const inBody = await fetch(new URL('/oidc/token', issuer.settings.ISSUER_ORIGIN), {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ client_id: 'portal', client_secret: secret, grant_type: 'authorization_code', code }),
    });
    expect(inBody.status).toBe(401);
    const claims = {
      iss: 'portal',
      sub: 'portal',
      aud: issuer.settings.ISSUER_ORIGIN,
      jti: newToken(),
      exp: now() + 60,
    };
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
    const signed = await fetch(new URL('/oidc/token', issuer.settings.ISSUER_ORIGIN), {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        client_assertion: hmac,
        client_assertion_type: type,
        grant_type: 'authorization_code',
        code,
      }),
    });
    expect(signed.status).toBe(401);
  });
});
