import type { PortalVisitor, TestPortal } from '../portal/portal.js';
import { ask } from '../portal/story.js';
import { aCoordinator, aSite, aSystem, aTeacher, type TestCoordinator } from '../support/people.js';

/** One approval as it was sent, and what came back. */
export interface SentApproval {
  requestId: string;
  by: PortalVisitor;
  body: Record<string, string>;
  /** Absent: the connection broke, or the process was gone. */
  answer?: { status: number; location?: string };
}

/** Requests of two permissions each that wait for four coordinators, and the approvals that are sent. */
export class Approvals {
  readonly sent: SentApproval[] = [];
  private readonly waiting: string[] = [];

  private constructor(
    private readonly portal: TestPortal,
    private readonly school: string,
    readonly coordinators: TestCoordinator[],
  ) {}

  static async at(portal: TestPortal): Promise<Approvals> {
    const system = await aSystem(portal.em, { name: 'Bayou Vermeil Parish' });
    const school = await aSite(portal.em, system, { name: 'Heron Street Elementary' });
    const coordinators: TestCoordinator[] = [];
    for (let n = 0; n < 4; n++) coordinators.push(await aCoordinator(portal.em, { reach: 'system', system }));
    return new Approvals(portal, school, coordinators);
  }

  /** Sees to it that so many requests wait. */
  async stock(count: number): Promise<void> {
    while (this.waiting.length < count) {
      const teacher = await aTeacher(this.portal.em, { site: this.school });
      this.waiting.push((await ask(this.portal, teacher, this.school)).id);
    }
  }

  /** Opens the page of the next request that waits; what is returned sends the approval. */
  async next(by: PortalVisitor): Promise<() => Promise<SentApproval>> {
    const requestId = this.waiting.shift();
    if (!requestId) throw new Error('no request waits any more');
    try {
      const { html } = await by.open(`/review/${requestId}`);
      const lines = [...html.matchAll(/name="(verdict-[0-9a-f-]{36})"/g)].map(([, name]) => [name!, 'approve']);
      const body = {
        ...by.form(`/review/${requestId}`).hidden,
        ...(Object.fromEntries(lines) as Record<string, string>),
      };
      return () => this.send({ requestId, by, body });
    } catch (fault) {
      this.waiting.push(requestId);
      throw fault;
    }
  }

  /** Sends an approval once more, exactly as it was. */
  async again({ requestId, by, body }: SentApproval): Promise<SentApproval['answer']> {
    const { status, location } = await by.once('POST', `/review/${requestId}`, body);
    return { status, location: location && new URL(location).pathname + new URL(location).search };
  }

  /** Whether all lines of a request are approved and have their grants (true), none has (false), or something between (undefined). */
  async isSaved(requestId: string): Promise<boolean | undefined> {
    const rows = await this.portal.em.execute<{ status: string; granted: boolean }[]>(
      `select status, exists (select 1 from grant_version v where v.grant_id = l.grant_id) as granted from request_line l where request_id = ?`,
      [requestId],
    );
    if (rows.every(({ status, granted }) => status === 'approved' && granted)) return true;
    return rows.every(({ status, granted }) => status === 'pending' && !granted) ? false : undefined;
  }

  private async send(approval: SentApproval): Promise<SentApproval> {
    this.sent.push(approval);
    approval.answer = await this.again(approval).catch(() => undefined);
    return approval;
  }
}
