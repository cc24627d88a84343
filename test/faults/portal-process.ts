import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { PortalVisitor, type TestPortal } from '../portal/portal.js';
import { freePort } from '../support/ports.js';
import { endProcess, startProcess } from '../support/processes.js';

/** What the database calls the connections of such a portal. */
export const processName = 'portal-process';

/** A portal in a process of its own beside a test portal: the same database, people, sessions and secrets. */
export class PortalProcess {
  readonly origin: string;
  private child?: ChildProcess;

  private constructor(
    private readonly portal: TestPortal,
    private readonly port: number,
  ) {
    this.origin = `http://localhost:${port}`;
  }

  static async beside(portal: TestPortal): Promise<PortalProcess> {
    return new PortalProcess(portal, await freePort());
  }

  /** @returns milliseconds until it answered */
  async start(): Promise<number> {
    const begun = Date.now();
    const settings = { ...this.portal.settings, PORTAL_PORT: this.port, PORTAL_ORIGIN: this.origin };
    this.child = startProcess('apps/portal/src/main.ts', settings, { said: 'ignore', PGAPPNAME: processName });
    while (!(await this.lives())) {
      if (!this.runs || Date.now() - begun > 60_000) throw new Error('the portal does not start');
      await pause(10);
    }
    return Date.now() - begun;
  }

  get runs(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async lives(): Promise<boolean> {
    const answer = await fetch(`${this.origin}/health/live`).catch(() => undefined);
    return answer?.status === 200;
  }

  /** Ends it at once, and waits until the database let go of it. */
  async kill(): Promise<void> {
    if (this.child) await endProcess(this.child);
    const left = (): Promise<unknown[]> =>
      this.portal.em.execute(
        'select 1 from pg_stat_activity where application_name = ? and datname = current_database()',
        [processName],
      );
    const end = Date.now() + 10_000;
    while ((await left().catch(() => [])).length && Date.now() < end) await pause(5);
  }

  /** Somebody who is signed in, at this portal. */
  async signedIn(person: { accountId: string }): Promise<PortalVisitor> {
    const known = await this.portal.signedIn(person);
    const visitor = new PortalVisitor(this.origin);
    for (const [name, cookie] of known.cookies) visitor.cookies.set(name, cookie);
    return visitor;
  }
}
