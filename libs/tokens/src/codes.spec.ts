import { jest } from '@jest/globals';
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

/** Rounds of eight at once, as the finding was made. */
const rounds = 60;
const atOnce = 8;

describe('codes and refresh tokens', () => {
  let issuer: TestProvider;
  let client: TestClient;
  let person: SeededPerson;
  let browser: TestBrowser;
  beforeAll(async () => {
    issuer = await startTestProvider();
    client = new TestClient(issuer.settings);
    person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    browser = new TestBrowser(person.accountId);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => issuer?.stop());

  const ahead = (seconds: number): void => {
    const { now } = Date;
    const at = now() + seconds * 1000;
    jest.spyOn(Date, 'now').mockImplementation(() => at);
  };

  const refusals = async (action: string): Promise<number> => {
    const { rows } = await issuer.sql.query(
      `select count(*)::int as count from audit_entry where action = $1 and result = 'refused' and target = 'client:eser'`,
      [action],
    );
    return (rows[0] as { count: number }).count;
  };

  // With eight at once there may be no winner at all: who notices the second use revokes the family before it is written.
  it(`OA-4 no code is redeemed twice in ${rounds} rounds of ${atOnce} at once`, async () => {
    const doubled: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const code = await client.code(browser);
      const answers = await Promise.all(Array.from({ length: atOnce }, () => client.redeem(code)));
      const good = answers.filter((answer) => answer.status === 200);
      if (good.length > 1) doubled.push(good.length);
      expect(
        answers.filter((answer) => answer.status !== 200).every((answer) => answer.body.error === 'invalid_grant'),
      ).toBe(true);
      // The others were noticed, so what the winner got is worth nothing any more.
      for (const { body } of good) expect((await client.refresh(body.refresh_token!)).body.error).toBe('invalid_grant');
    }
    expect(doubled).toEqual([]);
  });

  it(`OA-5 no refresh token is used twice in ${rounds} rounds of ${atOnce} at once`, async () => {
    const doubled: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { refresh_token: token } = await client.tokens(browser);
      const answers = await Promise.all(Array.from({ length: atOnce }, () => client.refresh(token!)));
      const good = answers.filter((answer) => answer.status === 200);
      if (good.length > 1) doubled.push(good.length);
      expect(
        answers.filter((answer) => answer.status !== 200).every((answer) => answer.body.error === 'invalid_grant'),
      ).toBe(true);
      for (const { body } of good) expect((await client.refresh(body.refresh_token!)).body.error).toBe('invalid_grant');
    }
    expect(doubled).toEqual([]);
  });

  it.each([1, 30])(
    'OA-4 AU-2 a code used again after %i s is refused, revokes all that came of it and is written down',
    async (seconds) => {
      const code = await client.code(browser);
      const first = await client.redeem(code);
      expect(first.status).toBe(200);
      ahead(seconds);
      const noted = await refusals('code.redeem');
      expect((await client.redeem(code)).body.error).toBe('invalid_grant');
      expect((await client.refresh(first.body.refresh_token!)).body.error).toBe('invalid_grant');
      expect(await refusals('code.redeem')).toBe(noted + 1);
    },
  );

  it('OA-4 a code lives 60 seconds', async () => {
    const code = await client.code(browser);
    const late = await client.code(browser);
    const assertion = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' };
    ahead(59);
    expect((await client.redeem(code, { ...assertion, client_assertion: await client.assertion() })).status).toBe(200);
    jest.restoreAllMocks();
    ahead(61);
    expect((await client.redeem(late, { ...assertion, client_assertion: await client.assertion() })).body.error).toBe(
      'invalid_grant',
    );
  });

  it('OA-4 a code is bound to client, redirect URI and challenge', async () => {
    const reporting = new TestClient(issuer.settings, 'reporting');
    const code = await client.code(browser);
    expect(
      (await reporting.redeem(code, { redirect_uri: client.redirectUri, code_verifier: client.verifier })).body.error,
    ).toBe('invalid_grant');
    expect((await client.redeem(code, { redirect_uri: `${client.redirectUri}x` })).body.error).toBe('invalid_grant');
    expect((await client.redeem(code, { code_verifier: 'x'.repeat(43) })).body.error).toBe('invalid_grant');
    expect((await client.redeem(code, { code_verifier: undefined })).body.error).toBe('invalid_grant');
    expect((await client.redeem(code)).status).toBe(200);
  });

  it('OA-3 a verifier that does not fit, is too short or is missing redeems nothing', async () => {
    const code = await client.code(browser);
    for (const verifier of ['short', 'y'.repeat(43), undefined, '', `${client.verifier} `]) {
      const answer = await client.redeem(code, { code_verifier: verifier });
      expect(answer.status).toBe(400);
    }
  });

  it('OA-5 AU-2 each refresh gives a new token; an old one used again ends the family and is written down once', async () => {
    const first = await client.tokens(browser);
    const second = (await client.refresh(first.refresh_token!)).body;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const noted = await refusals('token.refresh');
    expect((await client.refresh(first.refresh_token!)).body.error).toBe('invalid_grant');
    expect((await client.refresh(second.refresh_token!)).body.error).toBe('invalid_grant');
    expect(await refusals('token.refresh')).toBe(noted + 1);
  });

  it('OA-5 a refresh token is bound to its client', async () => {
    const { refresh_token: token } = await client.tokens(browser);
    expect((await new TestClient(issuer.settings, 'reporting').refresh(token!)).body.error).toBe('invalid_grant');
    expect((await client.refresh(token!)).status).toBe(200);
  });

  it('OA-5 idle for 30 minutes ends it; 12 hours after signing in it ends whatever happened', async () => {
    const { refresh_token: token } = await client.tokens(browser);
    const { rows } = await issuer.sql.query(
      `select kind, extract(epoch from expires_at - now())::int as left from oidc_artifact where kind in ('RefreshToken', 'Session') and account_id = $1 order by expires_at desc`,
      [person.accountId],
    );
    for (const row of rows as { left: number }[]) expect(row.left).toBeLessThanOrEqual(1800);
    ahead(31 * 60);
    expect(
      (
        await client.refresh(token!, {
          client_assertion: await client.assertion(),
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        })
      ).body.error,
    ).toBe('invalid_grant');
    jest.restoreAllMocks();
    const long = Math.floor(Date.now() / 1000) - 12 * 3600 + 20;
    const old = new TestBrowser(person.accountId, long);
    const tokens = await client.tokens(old);
    const { rows: ends } = await issuer.sql.query(
      `select extract(epoch from expires_at - now())::int as left from oidc_artifact where kind in ('RefreshToken', 'Session') and account_id = $1 and auth_time = to_timestamp($2)`,
      [person.accountId, long],
    );
    expect(ends.length).toBeGreaterThanOrEqual(2);
    for (const row of ends as { left: number }[]) expect(row.left).toBeLessThanOrEqual(20);
    expect((await client.refresh(tokens.refresh_token!)).status).toBe(200);
  });

  it('SE-3 a refresh counts as work: the session behind it goes on', async () => {
    const worker = new TestBrowser(person.accountId);
    const { refresh_token: token } = await client.tokens(worker);
    await issuer.sql.query(
      `update oidc_artifact set expires_at = now() + interval '5 minutes' where kind = 'Session' and account_id = $1`,
      [person.accountId],
    );
    expect((await client.refresh(token!)).status).toBe(200);
    const { rows } = await issuer.sql.query(
      `select max(extract(epoch from expires_at - now()))::int as left from oidc_artifact where kind = 'Session' and account_id = $1`,
      [person.accountId],
    );
    expect((rows as { left: number }[])[0]!.left).toBeGreaterThan(1700);
  });

  it('revocation of a refresh token ends its family; another client can revoke nothing', async () => {
    const { refresh_token: token } = await client.tokens(browser);
    await new TestClient(issuer.settings, 'reporting').post('/oidc/token/revocation', { token });
    const next = (await client.refresh(token!)).body;
    expect(next.refresh_token).toBeTruthy();
    expect((await client.post('/oidc/token/revocation', { token: next.refresh_token as string })).status).toBe(200);
    expect((await client.refresh(next.refresh_token!)).body.error).toBe('invalid_grant');
  });

  it('OA-5 another instance on the same database knows every token, and what was revoked', async () => {
    const other = await anotherInstance(issuer.settings);
    const port = await freePort();
    await other.listen(port, '127.0.0.1');
    const there = `http://localhost:${port}/oidc/token`;
    const refreshThere = (token: string) => client.post(there, { grant_type: 'refresh_token', refresh_token: token });
    const { refresh_token: first } = await client.tokens(browser);
    const { status, body } = await refreshThere(first!);
    expect(status).toBe(200);
    expect((await client.refresh(first!)).body.error).toBe('invalid_grant');
    expect((await refreshThere(body.refresh_token!)).body.error).toBe('invalid_grant');
    await other.close();
  });

  it('a database that is too busy is 503, not a refusal, and nothing is lost', async () => {
    const { refresh_token: token } = await client.tokens(browser);
    await issuer.sql.query('begin');
    await issuer.sql.query('lock table oidc_artifact');
    const answer = await client.refresh(token!);
    expect(answer).toMatchObject({ status: 503, body: { error: 'server_error' } });
    await issuer.sql.query('rollback');
    expect((await client.refresh(token!)).status).toBe(200);
  });
});
