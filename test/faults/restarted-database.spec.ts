import { setTimeout as pause } from 'node:timers/promises';
import { startPortal, type PortalVisitor, type TestPortal } from '../portal/portal.js';
import { DatabaseServer } from '../support/database-server.js';
import { brokenInvariants } from '../support/invariants.js';
import { Approvals } from './approvals.js';
import { noting, type SeenAnswer } from './noted-visitor.js';
import { PortalProcess } from './portal-process.js';

/** More by hand, where times are judged too, on a machine that does nothing else: EDLINK_RESTARTS=10. */
const byHand = process.env.EDLINK_RESTARTS;
const restarts = Number(byHand ?? 3);
const ways = ['fast', 'immediate', 'backend'] as const;
/** Requests a second; a machine that runs other tests has less to give. */
const rate = byHand ? 20 : 5;
/** Milliseconds after a restart in which a request may still be refused. */
const afterwards = 2000;

describe('a database that restarts while people work', () => {
  let server: DatabaseServer;
  let portal: TestPortal;
  let running: PortalProcess;
  let approvals: Approvals;
  const seen: SeenAnswer[] = [];
  beforeAll(async () => {
    server = await DatabaseServer.start();
    portal = await startPortal({}, { url: server.url, drop: () => server.drop() });
    running = await PortalProcess.beside(portal);
    approvals = await Approvals.at(portal);
    await approvals.stock(30 * restarts);
    await running.start();
  }, 120_000);
  afterAll(async () => {
    await running?.kill();
    await portal?.stop();
  });

  /** Pages and approvals, so many a second, until told to stop. */
  async function work(visitors: PortalVisitor[], signal: AbortSignal): Promise<void> {
    const idle = [...visitors];
    const under = new Set<Promise<void>>();
    const pages = ['/', '/review', '/notifications'];
    for (let n = 0; !signal.aborted; n++) {
      await pause(1000 / rate);
      const one = idle.shift();
      if (!one) continue;
      const job = (n % 4 ? one.open(pages[n % pages.length]!) : approvals.next(one).then((send) => send()))
        .then(
          () => undefined,
          () => undefined,
        )
        .then(() => void idle.push(one));
      under.add(job);
      void job.then(() => under.delete(job));
    }
    await Promise.all(under);
  }

  it(`R-04 P-A P-E ${restarts} times: pages or 503 with Retry-After, nothing acknowledged is lost, the portal goes on by itself`, async () => {
    const visitors = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => noting(await running.signedIn(approvals.coordinators[n % 4]!), seen)),
    );
    const over = new AbortController();
    const load = work(visitors, over.signal);
    await pause(1500);
    const away: { from: number; to: number; way: string; recovered: number }[] = [];
    for (let n = 0; n < restarts; n++) {
      const from = Date.now();
      const way = ways[n % ways.length]!;
      await server.restart(way);
      const to = Date.now();
      const good = (): SeenAnswer | undefined =>
        seen.find(({ status, begun }) => begun >= to && (status === 200 || status === 303));
      while (!good() && Date.now() < to + 60_000) await pause(10);
      away.push({ from, to, way, recovered: (good()?.ended ?? Infinity) - to });
      await pause(afterwards);
    }
    over.abort();
    await load;
    expect(running.runs).toBe(true);
    expect(seen.filter(({ status }) => ![200, 303, 503].includes(status))).toEqual([]);
    expect(seen.filter(({ status, retryAfter }) => status === 503 && retryAfter === null)).toEqual([]);
    const isExcused = ({ begun, ended }: SeenAnswer): boolean =>
      away.some(({ from, to }) => ended >= from && begun <= to + afterwards);
    if (byHand) expect(seen.filter((one) => one.status === 503 && !isExcused(one))).toEqual([]);
    for (const { requestId, answer } of approvals.sent)
      expect([answer?.status === 303 || 'not told', await approvals.isSaved(requestId)]).toEqual(
        answer?.status === 303 ? [true, true] : ['not told', expect.any(Boolean)],
      );
    for (const sent of approvals.sent.filter(({ answer }) => answer?.status !== 303)) {
      expect(await approvals.again(sent)).toEqual({ status: 303, location: '/review?done=decided' });
      expect(await approvals.isSaved(sent.requestId)).toBe(true);
    }
    expect(await brokenInvariants(portal.em)).toEqual([]);
    const refused = seen.filter(({ status }) => status === 503).length;
    console.log(
      `R-04: ${seen.length} answers, ${refused} of them 503, ${approvals.sent.length} approvals; ` +
        away
          .map(({ way, from, to, recovered }) => `${way}: away ${to - from} ms, back after ${recovered} ms`)
          .join('; '),
    );
    expect(Math.max(...away.map(({ recovered }) => recovered))).toBeLessThan(byHand ? 5000 : 60_000);
  }, 300_000);
});
