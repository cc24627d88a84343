import { createServer, request, type Server } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Changes, seconds, systemActor } from '#kernel';
import { createWorker, type MailWorker } from '../../apps/jobs/src/create-worker.js';
import { MovableClock } from '../support/clock.js';
import {
  seedGrant,
  seedPerson,
  startTestProvider,
  TestBrowser,
  TestClient,
  type TestProvider,
} from '../support/oidc.js';
import { freePort } from '../support/ports.js';
import { selfSigned } from './self-signed.js';

describe('an application with a certificate nobody vouches for', () => {
  const clock = new MovableClock();
  const got: string[] = [];
  const { key, cert } = selfSigned();
  let port: number;
  let eser: Server;
  let issuer: TestProvider;
  let worker: MailWorker;
  beforeAll(async () => {
    port = await freePort();
    eser = createServer({ key, cert }, (asked, response) => {
      got.push(asked.url!);
      asked.resume().on('end', () => response.writeHead(200).end());
    });
    await new Promise<void>((resolve) => eser.listen(port, resolve));
    issuer = await startTestProvider({ ESER_PORT: String(port), ESER_ORIGIN: `https://localhost:${port}` }, clock);
    worker = await createWorker(issuer.settings, { clock });
    Logger.overrideLogger(false); // faults are what these tests make
  });
  afterAll(async () => {
    await worker?.stop();
    await issuer?.stop();
    eser?.closeAllConnections();
    eser?.close();
  });

  it('R-19 OA-16 it is told nothing, the removal does not wait for it, and it is tried again', async () => {
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    await new TestClient(issuer.settings).tokens(new TestBrowser(person.accountId));
    await issuer.sql.query(`update account set status = 'disabled' where id = $1`, [person.accountId]);
    const tried = async (): Promise<number> => {
      const { rows } = await issuer.sql.query<{ least: number }>(
        `select min(attempts) as least from signal where account_id = $1 and sent_at is null and unanswered and receipt is null`,
        [person.accountId],
      );
      return rows[0]!.least ?? 0;
    };
    const change = { cause: '', accountIds: [person.accountId], access: true };
    await issuer.app.get(Changes).announce(systemActor, change);
    // It is saved though nobody has tried to tell it; the sender comes to it by itself.
    expect(await tried()).toBe(0);
    await worker.start();
    for (const end = Date.now() + 60_000; (await tried()) < 2; await pause(50)) {
      clock.advance(seconds(2));
      expect(Date.now()).toBeLessThan(end);
    }
    expect(got).toEqual([]);
    // It would have heard, had the sender not looked at the certificate.
    await new Promise((resolve) =>
      request({ port, method: 'POST', path: '/events', rejectUnauthorized: false }, resolve).end(),
    );
    expect(got).toEqual(['/events']);
  });
});
