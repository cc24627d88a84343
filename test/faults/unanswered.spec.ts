import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { startPortal, type TestPortal } from '../portal/portal.js';
import { freshDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/invariants.js';
import { Approvals } from './approvals.js';
import { type SilentLink, silentLink } from './silent-link.js';

describe('a database that does not answer', () => {
  let link: SilentLink;
  let portal: TestPortal;
  let approvals: Approvals;
  beforeAll(async () => {
    const database = await freshDatabase();
    link = await silentLink(database.url);
    portal = await startPortal({ DATABASE_POOL: '4' }, { url: link.url, drop: () => database.drop() });
    approvals = await Approvals.at(portal);
    await approvals.stock(2);
    Logger.overrideLogger(false); // faults are what these tests make
  });
  afterEach(() => link.speak());
  afterAll(async () => {
    await portal?.stop();
    await link?.close();
  });

  it('R-05b R-22 a COMMIT without an answer: 503, nobody is told that it failed, and sent again it is done once', async () => {
    const by = await portal.signedIn(approvals.coordinators[0]!);
    const send = await approvals.next(by);
    link.fallSilent('commits');
    const begun = Date.now();
    const approval = await send();
    expect(approval.answer?.status).toBe(503);
    expect(by.page!.text).toContain('We do not know whether it was saved');
    expect(by.page!.text).not.toContain('Nothing was changed');
    expect(by.page!.headers.get('retry-after')).toBe('5');
    expect(Date.now() - begun).toBeLessThan(30_000);
    link.speak();
    expect(await approvals.isSaved(approval.requestId)).toBe(true);
    expect(await approvals.again(approval)).toEqual({ status: 303, location: '/review?done=decided' });
    expect(await brokenInvariants(portal.em)).toEqual([]);
  });

  it('R-13 P-E silence: every page is 503 in the end, nothing hangs, and all places are there again', async () => {
    const visitors = await Promise.all(approvals.coordinators.map((one) => portal.signedIn(one)));
    const send = await approvals.next(visitors[0]!);
    link.fallSilent();
    const [approval, ...pages] = await Promise.all([send(), ...visitors.slice(1).map((one) => one.open('/review'))]);
    expect(approval.answer?.status).toBe(503);
    expect(pages.map(({ status }) => status)).toEqual([503, 503, 503]);
    for (const { text } of pages) expect(text).toContain('Nothing was changed');
    link.speak();
    const back = Date.now();
    while ((await visitors[1]!.open('/review')).status !== 200) {
      expect(Date.now() - back).toBeLessThan(30_000);
      await pause(50);
    }
    expect(await approvals.isSaved(approval.requestId)).toBe(false);
    const many = await Promise.all(Array.from({ length: 8 }, () => portal.em.fork().execute('select pg_sleep(0.05)')));
    expect(many).toHaveLength(8);
    expect(await approvals.again(approval)).toEqual({ status: 303, location: '/review?done=decided' });
  });
});
