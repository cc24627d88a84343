import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  seedGrant,
  seedPerson,
  startTestProvider,
  TestBrowser,
  TestClient,
  type TestProvider,
  type SeededPerson,
} from '../../../test/support/oidc.js';

describe('access tokens', () => {
  let issuer: TestProvider;
  let person: SeededPerson;
  let eser: TestClient;
  let reporting: TestClient;
  beforeAll(async () => {
    issuer = await startTestProvider();
    person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    await seedGrant(issuer.sql, person, {
      application: 'ser',
      role: 'ser-data',
      permission: 'ser-data-reader',
      level: 'system',
      code: '001',
    });
    eser = new TestClient(issuer.settings);
    reporting = new TestClient(issuer.settings, 'reporting');
  });
  afterAll(() => issuer?.stop());

  const verify = (token: string): ReturnType<typeof jwtVerify> =>
    jwtVerify(token, createRemoteJWKSet(new URL('/oidc/jwks', issuer.settings.ISSUER_ORIGIN)));

  it('TK-1 eSER gets a JWT for itself alone, of five minutes, with a closed set of claims', async () => {
    const { access_token: token } = await eser.tokens(new TestBrowser(person.accountId));
    const { payload, protectedHeader } = await verify(token!);
    expect(Object.keys(protectedHeader).sort()).toEqual(['alg', 'kid', 'typ']);
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(Object.keys(payload).sort()).toEqual([
      'aud',
      'client_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'permissions',
      'scope',
      'staff_id',
      'sub',
    ]);
    expect(payload).toMatchObject({
      iss: issuer.settings.ISSUER_ORIGIN,
      aud: issuer.settings.ESER_ORIGIN,
      sub: person.accountId,
      client_id: 'eser',
      scope: 'permissions',
      staff_id: person.staffId,
      permissions: [
        { application: 'ser', role: 'ser-data', permission: 'ser-data-reader', systems: ['001'] },
        { application: 'ser-iep-form', role: 'iep-form', permission: 'iep-form-writer', sites: ['001005'] },
      ],
    });
    expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(300);
    expect(JSON.stringify(payload)).not.toMatch(/odile|testman|@/i);
  });

  it('TK-1 an application is told only of its own permissions', async () => {
    const { access_token: token } = await reporting.tokens(new TestBrowser(person.accountId));
    const { body } = await reporting.introspect(token!);
    expect(body).toMatchObject({
      active: true,
      sub: person.accountId,
      aud: 'http://localhost:3999',
      staff_id: person.staffId,
    });
    expect(body.permissions).toEqual([
      { application: 'ser', role: 'ser-data', permission: 'ser-data-reader', systems: ['001'] },
    ]);
    expect(Object.keys(body).sort()).toEqual([
      'active',
      'aud',
      'client_id',
      'exp',
      'iat',
      'iss',
      'permissions',
      'scope',
      'staff_id',
      'sub',
      'token_type',
    ]);
  });

  it('an opaque token tells nothing by itself; the answer about it is of this instant', async () => {
    const someone = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, someone, {
      application: 'ser',
      role: 'ser-data',
      permission: 'ser-data-reader',
      level: 'system',
      code: '001',
    });
    const { access_token: token } = await reporting.tokens(new TestBrowser(someone.accountId));
    expect(token).not.toContain('.');
    await seedGrant(issuer.sql, someone, {
      application: 'ser',
      role: 'ser-data',
      permission: 'ser-data-writer',
      level: 'system',
      code: '001',
    });
    expect((await reporting.introspect(token!)).body.permissions).toHaveLength(2);
    await issuer.sql.query(`update grant_version set superseded_at = now() where account_id = $1`, [someone.accountId]);
    expect((await reporting.introspect(token!)).body).toEqual({ active: false });
  });

  it('TK-1 a client gets a token for no other application', async () => {
    expect(
      (await eser.authorize(new TestBrowser(person.accountId), { resource: 'http://localhost:3999' })).get('error'),
    ).toBe('invalid_target');
    const code = await eser.code(new TestBrowser(person.accountId));
    expect((await eser.redeem(code, { resource: 'http://localhost:3999' })).body.error).toBe('invalid_target');
    expect(
      (
        await new TestClient(issuer.settings, 'portal').authorize(new TestBrowser(person.accountId), {
          resource: issuer.settings.ESER_ORIGIN,
        })
      ).get('error'),
    ).toBe('invalid_target');
  });

  it('TK-1 only the application a token is for may introspect it; nobody introspects refresh tokens', async () => {
    const { access_token: token, refresh_token: refresh } = await reporting.tokens(new TestBrowser(person.accountId));
    expect((await eser.introspect(token!)).body).toEqual({ active: false });
    expect((await new TestClient(issuer.settings, 'portal').introspect(token!)).body).toEqual({ active: false });
    expect((await reporting.introspect(refresh!)).body).toEqual({ active: false });
    expect((await reporting.introspect('nobody-knows-it')).body).toEqual({ active: false });
    expect(
      (
        await fetch(new URL('/oidc/token/introspection', issuer.settings.ISSUER_ORIGIN), {
          method: 'POST',
          body: new URLSearchParams({ token: token! }),
        })
      ).status,
    ).toBe(400);
  });

  it('introspection answers inactive when token, family or session ended', async () => {
    const browser = new TestBrowser(person.accountId);
    const first = await reporting.tokens(browser);
    await reporting.post('/oidc/token/revocation', { token: first.access_token });
    expect((await reporting.introspect(first.access_token!)).body).toEqual({ active: false });
    const second = await reporting.tokens(browser);
    expect((await reporting.introspect(second.access_token!)).body.active).toBe(true);
    await issuer.sql.query(`delete from oidc_artifact where kind = 'Session' and account_id = $1`, [person.accountId]);
    expect((await reporting.introspect(second.access_token!)).body).toEqual({ active: false });
  });

  it('TK-5 no artefact stands for another', async () => {
    const browser = new TestBrowser(person.accountId);
    const code = await eser.code(browser);
    const { access_token: access, refresh_token: refresh, id_token: id } = (await eser.redeem(code)).body;
    const opaque = (await eser.refresh(refresh!, { resource: undefined })).body.access_token;
    const assertion = await eser.assertion();
    const session = browser.cookies.get('edlink_issuer_session');
    for (const wrong of [id, refresh, code, assertion, session]) expect((await eser.userinfo(wrong!)).status).toBe(401);
    for (const wrong of [id, access, opaque, code, session])
      expect((await eser.refresh(wrong!)).body.error).toBe('invalid_grant');
    for (const wrong of [id, access, refresh, session])
      expect((await eser.redeem(wrong!)).body.error).toBe('invalid_grant');
    for (const wrong of [id, access]) {
      const answer = await eser.post('/oidc/token', {
        grant_type: 'refresh_token',
        refresh_token: 'x',
        client_assertion: wrong,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body.error).not.toBe('invalid_grant');
    }
    const stranger = new TestBrowser();
    stranger.cookies.set('edlink_issuer_session', refresh!);
    expect((await eser.authorize(stranger, { prompt: 'none' })).get('error')).toBe('login_required');
  });

  it('a list too long for a token is read at userinfo with the very token', async () => {
    const many = await seedPerson(issuer.sql);
    for (let site = 0; site < 300; site += 1)
      await seedGrant(issuer.sql, many, { code: `001${String(site).padStart(3, '0')}` });
    const { access_token: token } = await eser.tokens(new TestBrowser(many.accountId));
    expect(token!.length).toBeLessThan(4096);
    const { payload } = await verify(token!);
    expect(payload.permissions).toBeUndefined();
    expect(payload.permissions_at).toBe(`${issuer.settings.ISSUER_ORIGIN}/oidc/userinfo`);
    const { body } = await eser.userinfo(token!);
    expect(body).toMatchObject({ sub: many.accountId, staff_id: many.staffId });
    expect((body.permissions as unknown as { sites: string[] }[])[0]!.sites).toHaveLength(300);
  });

  it('the ID token says who and when, and nothing more', async () => {
    const authTime = Math.floor(Date.now() / 1000) - 60;
    const { id_token: token } = await eser.tokens(new TestBrowser(person.accountId, authTime));
    const { payload } = await verify(token!);
    expect(Object.keys(payload).sort()).toEqual(['aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sid', 'sub']);
    expect(payload).toMatchObject({ auth_time: authTime, nonce: 'nonce-1', aud: 'eser' });
  });

  it("endpoints answer in OAuth's error form, without insight", async () => {
    for (const answer of [
      await eser.redeem('nonsense'),
      await eser.refresh('\u0000'),
      await eser.redeem('x'.repeat(20_000)),
    ]) {
      expect(answer.body.error).toBe('invalid_grant');
      expect(JSON.stringify(answer.body)).not.toMatch(/select|node_modules|at \//);
    }
  });

  it('WB-2 endpoints for programs carry headers of their own', async () => {
    for (const path of [
      '/oidc/token',
      '/oidc/token/introspection',
      '/oidc/jwks',
      '/oidc/userinfo',
      '/.well-known/openid-configuration',
    ]) {
      const { headers } = await fetch(new URL(path, issuer.settings.ISSUER_ORIGIN));
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});
