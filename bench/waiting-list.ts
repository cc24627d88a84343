import { createHmac } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { SessionData } from 'express-session';
import { newToken } from '#kernel';
import { SessionStore } from '#web';
import { createPortal } from '../apps/portal/src/create.js';
import { type BenchRow, inTurns } from './bench-row.js';
import { type BenchSystem, startBenchSystem } from './bench-system.js';
import { type SeededPeople, seedRequests, type SeedSize } from './request-seed.js';

/** How often a page is opened in a round; a round gives one p95. */
const opened = 60;
const rounds = 5;
/** A late page: so many pages on from the first. */
const late = 8;

type Reader = keyof SeededPeople;

const pages: [name: string, about: string, by: Reader, path: string][] = [
  ['waiting list, first page', 'the whole page over HTTP, one after the other', 'coordinator', '/review'],
  ['waiting list, a late page', `${late} pages on by its own links`, 'coordinator', 'late'],
  ['waiting list of an application', 'with the count of what fits', 'coordinator', '/review?application=ser'],
  ['waiting list of a name', 'looked for in all that waits for the reader', 'coordinator', '/review?q=quillpepper'],
  ["the state desk's waiting list", 'one open request in fifty is there', 'officer', '/review'],
  ['my requests', '400 of them', 'teacher', '/requests'],
  ['another page', 'its header counts what waits', 'coordinator', '/help'],
];

/**
 * B10: pages of long lists with a million requests in the table, 100,000 of them open, against the same with 10,000 and
 * 1,000. Either way the coordinator who looks has a list of 1,000.
 */
export async function run(): Promise<BenchRow[]> {
  const large = await Side.start({ requests: 1_000_000, open: 100_000, systems: 100 });
  const small = await Side.start({ requests: 10_000, open: 1_000, systems: 1 });
  try {
    const rows: BenchRow[] = [];
    for (const [name, note, by, path] of pages) {
      const measured = { large: await large.page(by, path), small: await small.page(by, path) };
      await large.p95(measured.large);
      await small.p95(measured.small);
      const figures = await inTurns(
        rounds,
        () => large.p95(measured.large),
        () => small.p95(measured.small),
      );
      rows.push({ id: 'B10', name: `${name}, p95 (ms)`, ...figures, goal: 'within 1.5; under 100 ms', note });
    }
    return rows;
  } finally {
    await large.stop();
    await small.stop();
  }
}

interface SeenPage {
  url: string;
  cookie: string;
}

/** A portal over a database of one size. */
class Side {
  private constructor(
    private readonly system: BenchSystem,
    private readonly portal: NestExpressApplication,
    private readonly people: SeededPeople,
  ) {}

  static async start(size: SeedSize): Promise<Side> {
    const system = await startBenchSystem();
    const people = await seedRequests(system.settings.DATABASE_URL, size);
    const portal = await createPortal(system.settings);
    await portal.listen(system.settings.PORTAL_PORT);
    return new Side(system, portal, people);
  }

  async stop(): Promise<void> {
    await this.portal.close();
    await this.system.stop();
  }

  /** A page with the cookie of somebody who signed in; throws where it does not open. */
  async page(by: Reader, path: string): Promise<SeenPage> {
    const cookie = await this.signIn(this.people[by]);
    let url = `${this.system.settings.PORTAL_ORIGIN}${path === 'late' ? '/review' : path}`;
    for (let at = 0; path === 'late' && at < late; at++) {
      const next = /href="([^"]+)" rel="next"/.exec(await this.open({ url, cookie }))![1]!;
      url = new URL(next.replaceAll('&amp;', '&'), url).href;
    }
    return { url, cookie };
  }

  /** Milliseconds. */
  async p95(page: SeenPage): Promise<number> {
    const times: number[] = [];
    for (let at = 0; at < opened; at++) {
      const begun = performance.now();
      await this.open(page);
      times.push(performance.now() - begun);
    }
    return times.sort((one, other) => one - other)[Math.floor(opened * 0.95)]!;
  }

  private async open({ url, cookie }: SeenPage): Promise<string> {
    const answer = await fetch(url, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
    const html = await answer.text();
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${html.slice(0, 500)}`);
    return html;
  }

  private async signIn(accountId: string): Promise<string> {
    const id = newToken();
    const session = { cookie: {}, accountId, authTime: Math.floor(Date.now() / 1000) } as SessionData;
    await new Promise<void>((resolve, reject) =>
      this.portal
        .get(SessionStore)
        .set(id, session, (fault) => (fault ? reject(new Error('no session', { cause: fault })) : resolve())),
    );
    const secure = this.system.settings.PORTAL_ORIGIN.startsWith('https');
    const signature = createHmac('sha256', this.system.settings.COOKIE_SECRETS[0]!).update(id).digest('base64');
    return `${secure ? '__Host-' : ''}edlink_portal=${encodeURIComponent(`s:${id}.${signature.replace(/=+$/, '')}`)}`;
  }
}
