import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Changes, newId, systemActor } from '#kernel';
import { createEser } from '../../apps/eser/src/create.js';
import { createWorker, type MailWorker } from '../../apps/jobs/src/create-worker.js';
import { seedGrant, seedPerson, startTestProvider, type SeededPerson, type TestProvider } from '../support/oidc.js';
import { freePort } from '../support/ports.js';
import { Visitor } from '../support/visitor.js';

describe('a removal is felt at once at eSER', () => {
  let issuer: TestProvider;
  let eser: NestExpressApplication;
  let worker: MailWorker;
  let origin: string;
  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    issuer = await startTestProvider({ ESER_PORT: String(port) });
    eser = await createEser(issuer.settings);
    await eser.listen(port);
    worker = await createWorker(issuer.settings);
    Logger.overrideLogger(false);
    await worker.start();
  });
  afterAll(async () => {
    await worker?.stop();
    await eser?.close();
    await issuer?.stop();
  });

  async function writer(): Promise<SeededPerson> {
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    return person;
  }
  async function signedIn(person: SeededPerson): Promise<Visitor> {
    const browser = new Visitor();
    browser.headers = { 'x-test-account': person.accountId };
    await browser.get(`${origin}/sign-in?returnTo=/duties/write-iep`);
    expect(browser.page!.status).toBe(200);
    return browser;
  }
  const opens = async (browser: Visitor): Promise<boolean> => {
    const { status } = await browser.once('GET', `${origin}/duties/write-iep`);
    return status === 200;
  };
  const announce = ({ accountId }: SeededPerson): Promise<void> =>
    issuer.app.get(Changes).announce(systemActor, { cause: '', accountIds: [accountId], access: true });
  /** Milliseconds until the application refuses. */
  async function refusesAfter(browser: Visitor): Promise<number> {
    const begun = Date.now();
    while (await opens(browser)) {
      if (Date.now() - begun > 5000) throw new Error('the application still lets the person in');
      await pause(10);
    }
    return Date.now() - begun;
  }

  it('OA-11 an account that is closed is refused within a second, in every window of theirs and in no other', async () => {
    const [person, other] = [await writer(), await writer()];
    const windows = [await signedIn(person), await signedIn(person)];
    const bystander = await signedIn(other);
    await issuer.sql.query(`update account set status = 'disabled' where id = $1`, [person.accountId]);
    await announce(person);
    for (const window of windows) expect(await refusesAfter(window)).toBeLessThan(1000);
    expect(await opens(bystander)).toBe(true);
  });

  it('OA-11 the last permission of the application ends the session within a second', async () => {
    const person = await writer();
    const window = await signedIn(person);
    await issuer.sql.query('update grant_version set superseded_at = now() where account_id = $1', [person.accountId]);
    await announce(person);
    expect(await refusesAfter(window)).toBeLessThan(1000);
  });

  it('OA-11 one permission less is refused within a second, and the session goes on', async () => {
    const person = await writer();
    const kept = await seedGrant(issuer.sql, person, { permission: 'iep-form-approver' });
    const window = await signedIn(person);
    await issuer.sql.query('update grant_version set superseded_at = now() where account_id = $1 and grant_id <> $2', [
      person.accountId,
      kept,
    ]);
    await announce(person);
    // Finding out may take a moment longer: the token must be of another second than the change.
    expect(await refusesAfter(window)).toBeLessThan(2500);
    const page = await window.once('GET', `${origin}/duties/approve-iep`);
    expect(page.status).toBe(200);
  });

  it('OA-11 a permission more is there at the next page', async () => {
    const person = await writer();
    const window = await signedIn(person);
    expect((await window.once('GET', `${origin}/duties/approve-iep`)).status).toBe(403);
    await seedGrant(issuer.sql, person, { permission: 'iep-form-approver' });
    await announce(person);
    const end = Date.now() + 3000;
    while ((await window.once('GET', `${origin}/duties/approve-iep`)).status !== 200) {
      expect(Date.now()).toBeLessThan(end);
      await pause(20);
    }
  });

  it.each([
    ['/backchannel-logout', 'application/x-www-form-urlencoded', 'logout_token=eyJhbGciOiJub25lIn0.e30.'],
    ['/backchannel-logout', 'application/x-www-form-urlencoded', ''],
    ['/events', 'application/secevent+jwt', 'eyJhbGciOiJub25lIn0.e30.'],
    ['/events', 'application/json', '{"sub":"all"}'],
    ['/events', 'application/secevent+jwt', newId()],
  ])('OA-11 %s refuses %s %s and ends nothing', async (path, type, body) => {
    const window = await signedIn(await writer());
    const answer = await fetch(`${origin}${path}`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ error: 'invalid_request', err: 'invalid_request' });
    expect(await opens(window)).toBe(true);
  });
});
