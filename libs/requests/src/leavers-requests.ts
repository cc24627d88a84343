import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, localDay } from '#kernel';
import { PermissionRequest, RequestLine } from './permission-request.js';
import { RequestNews } from './request-news.js';
import { decidersOf, holdRequest } from './request-rows.js';

/** A request of which open lines were withdrawn. */
export type LeaversRequest = Pick<PermissionRequest, 'id' | 'reference' | 'application' | 'role' | 'level' | 'code'>;

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
      `select distinct r.system_code from permission_request r join request_line l on l.request_id = r.id and l.status = 'pending'
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

  /** @returns the request, nothing when it was decided meanwhile */
  private async withdrawOne(actor: Actor, id: string, reason: string): Promise<LeaversRequest[]> {
    const { version, lines } = await holdRequest(this.em, id);
    const open = lines.filter((line) => line.status === 'pending');
    if (!open.length) return [];
    await this.em.nativeUpdate(
      RequestLine,
      { request: id, status: 'pending' },
      { status: 'withdrawn', decidedAt: this.clock.now() },
    );
    await this.em.nativeUpdate(PermissionRequest, { id }, { version: version + 1 });
    const permissions = open.map((line) => line.permission);
    await this.audit.record(actor, {
      action: 'request.withdraw',
      target: `request:${id}`,
      before: { permissions, status: 'pending' },
      after: { permissions, status: 'withdrawn' },
      reason,
    });
    const ids = open.map((line) => line.id);
    const deciders = await decidersOf(this.em, ids, localDay(this.clock.now()));
    const request = await this.em.findOneOrFail(PermissionRequest, { id }, { disableIdentityMap: true });
    await this.news.withdrawn(request, deciders, permissions);
    return [request];
  }
}
