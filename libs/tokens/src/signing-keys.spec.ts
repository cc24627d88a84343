import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { EntityManager } from '@mikro-orm/postgresql';
import { AuditService } from '#audit';
import { hours, minutes, seconds, systemActor } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import {
  anotherInstance,
  seedGrant,
  seedPerson,
  startTestProvider,
  TestBrowser,
  TestClient,
  type TestProvider,
} from '../../../test/support/oidc.js';
import { freshDatabase } from '../../../test/support/database.js';
import { testSettings } from '../../../test/support/settings.js';
import { leadTime, SigningKeys } from './signing-keys.service.js';

describe('signing keys', () => {
  const clock = new MovableClock();
  let issuer: TestProvider;
  let client: TestClient;
  let browser: TestBrowser;
  let keys: SigningKeys;
  beforeAll(async () => {
    issuer = await startTestProvider({}, clock);
    client = new TestClient(issuer.settings);
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    browser = new TestBrowser(person.accountId);
    keys = issuer.app.get(SigningKeys);
  });
  afterAll(() => issuer?.stop());

  const published = async (): Promise<string[]> => {
    const { keys: found } = (await (await fetch(`${issuer.settings.ISSUER_ORIGIN}/oidc/jwks`)).json()) as {
      keys: { kid: string; d?: string }[];
    };
    expect(found.every((key) => key.d === undefined)).toBe(true);
    return found.map((key) => key.kid);
  };
  const signedWith = (token: string): string => decodeProtectedHeader(token).kid!;

  it('the first key is made at start; two instances that start at once make one', async () => {
    const database = await freshDatabase();
    const settings = testSettings(database.url);
    const instances = await Promise.all([
      anotherInstance(settings),
      anotherInstance(settings),
      anotherInstance(settings),
    ]);
    const published = await Promise.all(instances.map((instance) => instance.get(SigningKeys).published()));
    expect(published.map((keys) => keys.map(({ kid }) => kid))).toEqual(Array(3).fill([published[0]![0]!.kid]));
    await Promise.all(instances.map((instance) => instance.close()));
    await database.drop();
  });

  it('TK-4 lie in the database sealed; with another secret they open nothing', async () => {
    const { rows } = await issuer.sql.query('select t::text as row, sealed_private from signing_key t');
    const [{ row, sealed_private: sealed }] = rows as [{ row: string; sealed_private: string }];
    expect(row).not.toMatch(/"d"|"p"|PRIVATE/);
    expect(sealed).toMatch(/^v1\./);
    const thief = new SigningKeys(
      issuer.app.get(EntityManager),
      clock,
      issuer.app.get(AuditService),
      testSettings('postgres://nowhere'),
    );
    await expect(thief.published()).rejects.toThrow();
  });

  it('TK-4 a new key is published before it signs, the old one until its tokens are dead, and a running issuer follows', async () => {
    const [first] = await published();
    const before = await client.tokens(browser);
    expect(signedWith(before.access_token!)).toBe(first);

    const { kid } = await keys.rotate(systemActor);
    clock.advance(seconds(16));
    expect(await published()).toEqual([first, kid]);
    expect(signedWith((await client.tokens(browser)).access_token!)).toBe(first);

    clock.advance(leadTime);
    const after = await client.tokens(browser);
    expect(signedWith(after.access_token!)).toBe(kid);
    expect(signedWith(after.id_token!)).toBe(kid);
    expect(await published()).toEqual([kid, first]);
    const jwks = createRemoteJWKSet(new URL('/oidc/jwks', issuer.settings.ISSUER_ORIGIN));
    await expect(jwtVerify(before.access_token!, jwks)).resolves.toBeTruthy();
    expect((await client.refresh(after.refresh_token!)).status).toBe(200);

    clock.advance(hours(25));
    expect(await published()).toEqual([kid]);
    const { rows } = await issuer.sql.query(`select after from audit_entry where action = 'signing-key.rotate'`);
    expect(rows).toHaveLength(1);
  });

  it('TK-4 rotating twice within the lead time leaves no moment without a key', async () => {
    const [first] = await published();
    const second = await keys.rotate(systemActor);
    clock.advance(minutes(10));
    const third = await keys.rotate(systemActor);
    const order = async (): Promise<string> => (await keys.published())[0]!.kid;
    expect(await order()).toBe(first);
    clock.advance(minutes(51));
    expect(await order()).toBe(second.kid);
    clock.advance(minutes(10));
    expect(await order()).toBe(third.kid);
  });

  it('TK-4 withdrawn keys are gone at once, with all they signed', async () => {
    const before = await client.tokens(browser);
    const { kid } = await keys.rotate(systemActor, { withdraw: true });
    clock.advance(seconds(16));
    expect(await published()).toEqual([kid]);
    expect((await client.userinfo(before.access_token!)).status).toBe(401);
    expect(signedWith((await client.tokens(browser)).access_token!)).toBe(kid);
  });

  it('TK-4 the key set may be kept for 15 minutes at most', async () => {
    const response = await fetch(`${issuer.settings.ISSUER_ORIGIN}/oidc/jwks`);
    expect(Number(/max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')![1])).toBeLessThanOrEqual(900);
  });
});
