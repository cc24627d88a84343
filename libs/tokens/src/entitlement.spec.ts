import { newId } from '#kernel';
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

describe('entitlement', () => {
  let issuer: TestProvider;
  beforeAll(async () => {
    issuer = await startTestProvider();
  });
  afterAll(() => issuer?.stop());

  const sql = (text: string, ...values: unknown[]): Promise<unknown> => issuer.sql.query(text, values);

  /** Somebody who may enter eSER and the reporting service. */
  async function entitled(): Promise<SeededPerson> {
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person, {
      application: 'ser',
      role: 'ser-data',
      permission: 'ser-data-reader',
      level: 'system',
      code: '001',
    });
    return person;
  }

  /** What takes the right to enter away. */
  const losses: [string, (person: SeededPerson) => Promise<unknown>][] = [
    ['the account is disabled', (it) => sql(`update account set status = 'disabled' where id = $1`, it.accountId)],
    ['the account is frozen', (it) => sql(`update account set status = 'frozen' where id = $1`, it.accountId)],
    [
      'all sessions were ended',
      (it) => sql(`update account set sessions_ended_at = now() + interval '1 second' where id = $1`, it.accountId),
    ],
    [
      'the Staff ID is no longer linked',
      (it) => sql(`update staff_link set ended_at = now() where account_id = $1`, it.accountId),
    ],
    [
      "the Staff ID is somebody else's",
      (it) => sql(`update grant_version set staff_member_id = $2 where account_id = $1`, it.accountId, newId()),
    ],
    [
      'the last grant was ended',
      (it) => sql(`update grant_version set superseded_at = now() where account_id = $1`, it.accountId),
    ],
    [
      'the last grant ran out',
      (it) => sql(`update grant_version set to_at = now() where account_id = $1`, it.accountId),
    ],
    [
      'the grant has not begun',
      (it) => sql(`update grant_version set from_at = now() + interval '1 hour' where account_id = $1`, it.accountId),
    ],
    [
      'the grant is for another application',
      (it) =>
        sql(
          `update grant_version set application = 'canopy', role = 'learner', permission = 'learner' where account_id = $1`,
          it.accountId,
        ),
    ],
    [
      'the catalogue does not know the permission any more',
      (it) => sql(`update grant_version set permission = 'retired' where account_id = $1`, it.accountId),
    ],
  ];

  /** Where it is asked: prepares everything, and returns what the application then tries. */
  const points: [string, (person: SeededPerson) => Promise<() => Promise<boolean>>][] = [
    [
      'authorize',
      async (person) => {
        const [client, browser] = [new TestClient(issuer.settings), new TestBrowser(person.accountId)];
        await client.code(browser);
        return async () => (await client.authorize(browser, { prompt: 'none' })).has('code');
      },
    ],
    [
      'token',
      async (person) => {
        const client = new TestClient(issuer.settings);
        const code = await client.code(new TestBrowser(person.accountId));
        return async () => (await client.redeem(code)).status === 200;
      },
    ],
    [
      'refresh',
      async (person) => {
        const client = new TestClient(issuer.settings);
        const { refresh_token: token } = await client.tokens(new TestBrowser(person.accountId));
        return async () => (await client.refresh(token!)).status === 200;
      },
    ],
    [
      'userinfo',
      async (person) => {
        const client = new TestClient(issuer.settings);
        const { body } = await client.redeem(await client.code(new TestBrowser(person.accountId)), {
          resource: undefined,
        });
        return async () => (await client.userinfo(body.access_token!)).status === 200;
      },
    ],
    [
      'userinfo with a JWT',
      async (person) => {
        const client = new TestClient(issuer.settings);
        const { access_token: token } = await client.tokens(new TestBrowser(person.accountId));
        return async () => (await client.userinfo(token!)).status === 200;
      },
    ],
    [
      'introspection',
      async (person) => {
        const client = new TestClient(issuer.settings, 'reporting');
        const { access_token: token } = await client.tokens(new TestBrowser(person.accountId));
        return async () => (await client.introspect(token!)).body.active as unknown as boolean;
      },
    ],
  ];

  const matrix = losses.flatMap(([loss, take]) =>
    points.map(([point, prepare]) => [loss, point, take, prepare] as const),
  );
  it.each(matrix)('OA-10 when %s, %s is refused', async (_loss, _point, take, prepare) => {
    const person = await entitled();
    const attempt = await prepare(person);
    await take(person);
    expect(await attempt()).toBe(false);
  });

  it.each(points)('OA-10 while nothing was taken away, %s succeeds', async (_, prepare) => {
    expect(await (await prepare(await entitled()))()).toBe(true);
  });

  it('OA-10 the person without a permission is told which to ask for, and eSER learns it', async () => {
    const person = await seedPerson(issuer.sql);
    const answer = await new TestClient(issuer.settings).authorize(new TestBrowser(person.accountId));
    expect(answer.get('error')).toBe('access_denied');
    expect(answer.get('iss')).toBe(issuer.settings.ISSUER_ORIGIN);
    expect(answer.get('state')).toBe('state-1');
    expect(answer.get('error_description')).toMatch(/no permission for eSER.*IEP Form Writer/);
    const { rows } = await issuer.sql.query(
      `select reason, target from audit_entry where action = 'application.enter' and account_id = $1`,
      [person.accountId],
    );
    expect(rows).toEqual([{ reason: 'tokens.not-entitled', target: 'client:eser' }]);
  });

  it('OA-10 without a Staff ID the person is told to link it; the portal lets them in', async () => {
    const person = await seedPerson(issuer.sql, { linked: false });
    const browser = new TestBrowser(person.accountId);
    expect((await new TestClient(issuer.settings).authorize(browser)).get('error_description')).toMatch(
      /no Staff ID yet/,
    );
    const portal = new TestClient(issuer.settings, 'portal');
    const { status, body } = await portal.redeem(await portal.code(browser));
    expect(status).toBe(200);
    expect(body.refresh_token).toBeUndefined();
    expect((await portal.userinfo(body.access_token!)).body).toEqual({ sub: person.accountId });
  });

  it('CF-5 entering is noted for each application of the client, once an hour, by token and by introspection', async () => {
    const person = await entitled();
    const used = async (): Promise<{ application: string; at: Date }[]> =>
      (
        await issuer.sql.query(
          `select application, last_entered_at as at from application_use where account_id = $1 order by application`,
          [person.accountId],
        )
      ).rows as { application: string; at: Date }[];
    const client = new TestClient(issuer.settings);
    const { refresh_token: token } = await client.tokens(new TestBrowser(person.accountId));
    const first = await used();
    expect(first.map(({ application }) => application)).toEqual(['ser', 'ser-iep-form']);
    await client.refresh(token!);
    expect(await used()).toEqual(first);
    await sql(
      `update application_use set last_entered_at = now() - interval '2 hours' where account_id = $1`,
      person.accountId,
    );
    const reporting = new TestClient(issuer.settings, 'reporting');
    const { access_token: opaque } = await reporting.tokens(new TestBrowser(person.accountId));
    const [ser, form] = await used();
    expect(Date.now() - ser!.at.getTime()).toBeLessThan(60_000);
    expect(Date.now() - form!.at.getTime()).toBeGreaterThan(3_600_000);
    await sql(`delete from application_use where account_id = $1`, person.accountId);
    const elsewhere = await anotherInstance(issuer.settings); // remembers nothing of the other
    const port = await freePort();
    await elsewhere.listen(port, '127.0.0.1');
    const asked = await fetch(`http://127.0.0.1:${port}/oidc/token/introspection`, {
      method: 'POST',
      body: new URLSearchParams({ token: opaque! }),
      headers: {
        host: new URL(issuer.settings.ISSUER_ORIGIN).host,
        authorization: `Basic ${Buffer.from(`reporting:${encodeURIComponent(issuer.settings.REPORTING_CLIENT_SECRET!)}`).toString('base64')}`,
      },
    });
    expect(await asked.json()).toMatchObject({ active: true });
    await elsewhere.close();
    expect((await used()).map(({ application }) => application)).toEqual(['ser']);
  });

  it('OA-10 a lost right kills the family: it does not come back with the right', async () => {
    const person = await entitled();
    const client = new TestClient(issuer.settings);
    const { refresh_token: token } = await client.tokens(new TestBrowser(person.accountId));
    await sql(`update grant_version set superseded_at = now() where account_id = $1`, person.accountId);
    expect((await client.refresh(token!)).body).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('no permission for eSER') as string,
    });
    await sql(`update grant_version set superseded_at = null where account_id = $1`, person.accountId);
    expect((await client.refresh(token!)).body.error).toBe('invalid_grant');
  });

  it('OA-10 200 requests in flight: none that starts after the commit succeeds', async () => {
    const person = await entitled();
    const client = new TestClient(issuer.settings, 'reporting');
    const { access_token: token } = await client.tokens(new TestBrowser(person.accountId));
    let endedAt = Infinity;
    const seen: { startedAt: number; active: boolean }[] = [];
    const asker = async (): Promise<void> => {
      for (let count = 0; count < 10; count += 1) {
        const startedAt = performance.now();
        const { body } = await client.introspect(token!);
        seen.push({ startedAt, active: body.active as unknown as boolean });
      }
    };
    const askers = Array.from({ length: 20 }, asker);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await sql(`update grant_version set superseded_at = now() where account_id = $1`, person.accountId);
    endedAt = performance.now();
    await Promise.all(askers);
    await asker();
    expect(seen.filter((one) => one.startedAt > endedAt && one.active)).toEqual([]);
    expect(seen.some((one) => one.active)).toBe(true);
  });
});
