import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, localDay } from '#kernel';
import { PermissionRequest, type RequestLine } from './permission-request.js';
import { RequestNews } from './request-news.js';
import { decidersOf, holdRequest, withdrawOpen } from './request-rows.js';
import { togetherBy, wayKey } from './together.js';

/** What was withdrawn of a request, in one application at one place. */
export type LeaversRequest = Pick<PermissionRequest, 'reference'> & Pick<RequestLine, 'application' | 'level' | 'code'>;

/** Open requests of people who leave. */
@Injectable()
export class LeaversRequests {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly news: RequestNews,
  ) {}

  /** The systems in which a person's open requests wait: their routing is held before anything of it is written. */
  async systemsOf(staffMemberId: string): Promise<string[]> {
    const rows = await this.em.execute<{ system_code: string }[]>(
      `select distinct l.system_code from permission_request r join request_line l on l.request_id = r.id and l.status = 'pending'
       where r.staff_member_id = ?`,
      [staffMemberId],
    );
    return rows.map((row) => row.system_code);
  }

  /**
   * Withdraws what a person still waits for, in the caller's transaction, and tells those it waited for. The caller holds
   * the person, so that nothing is asked for meanwhile, and the routing of `systemsOf`.
   */
  async withdraw(actor: Actor, staffMemberId: string, reason: string): Promise<LeaversRequest[]> {
    const open = await this.em.execute<{ id: string }[]>(
      `select r.id from permission_request r where r.staff_member_id = ?
         and exists (select 1 from request_line l where l.request_id = r.id and l.status = 'pending') order by r.id`,
      [staffMemberId],
    );
    const withdrawn: LeaversRequest[] = [];
    for (const { id } of open) withdrawn.push(...(await this.withdrawOne(actor, id, reason)));
    return withdrawn;
  }

  /** @returns nothing when it was decided meanwhile */
  private async withdrawOne(actor: Actor, id: string, reason: string): Promise<LeaversRequest[]> {
    const { version, lines } = await holdRequest(this.em, id);
    const open = lines.filter((line) => line.status === 'pending');
    if (!open.length) return [];
    await withdrawOpen(this.em, id, version + 1, this.clock.now());
    const withdrawn = open.map((line) => line.id);
    await this.audit.record(actor, {
      action: 'request.withdraw',
      target: `request:${id}`,
      before: { lines: withdrawn, status: 'pending' },
      after: { lines: withdrawn, status: 'withdrawn' },
      reason,
    });
    const deciders = await decidersOf(this.em, open, localDay(this.clock.now()));
    const request = await this.em.findOneOrFail(PermissionRequest, { id }, { disableIdentityMap: true });
    await this.news.withdrawn(request, deciders);
    return togetherBy(open, wayKey).map(([line]) => {
      const { application, level, code } = line!;
      return { reference: request.reference, application, level, code };
    });
  }
}
