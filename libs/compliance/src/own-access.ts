import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Grant, GrantsService } from '#grants';
import { Clock, days } from '#kernel';
import { Deliveries } from '#signals';
import { locationKey, SitesService } from '#sites';
import { StaffService } from '#staff';
import { type Approval, approvalsOf, endOf, type RequestLink, type GrantStanding, standingOf } from './standing.js';

/** A permission somebody has or had, in people's words. */
export interface OwnAccess extends Pick<Grant, 'fromAt' | 'toAt' | 'endedAt' | 'cause' | 'reason'> {
  grantId: string;
  application: string;
  permission: string;
  /** What it lets people do; empty when the catalogue no longer knows it. */
  about: string;
  place: string;
  /** It holds for a whole school system. */
  whole: boolean;
  standing: GrantStanding;
  approved: Approval;
  /** A request to keep it longer that waits for a decision. */
  asked?: RequestLink;
  /** Applications that hear at once when it ends. */
  listeners: string[];
}

/** How long what has ended is shown. */
const shown = days(365);

/** What the signed-in person may do, and could do within a year. */
@Injectable()
export class OwnAccesses {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly grants: GrantsService,
    private readonly deliveries: Deliveries,
  ) {}

  /** Of the account and the Staff ID it is linked to: newest first, what has ended last. */
  async of(accountId: string): Promise<OwnAccess[]> {
    const person = await this.staff.memberOf(accountId);
    if (!person) return [];
    const now = this.clock.now();
    const since = new Date(now.getTime() - shown);
    const grants = (await this.grants.of(accountId)).filter(
      (grant) => grant.staffMemberId === person.id && (endOf(grant) ?? now) >= since,
    );
    const places = await this.sites.placeMany(grants.map(({ location }) => location));
    const approvals = await approvalsOf(this.em, grants);
    const asked = await this.askedFor(person.id);
    const all = grants.map((grant) => ({
      ...this.wordsOf(grant),
      place: places.get(locationKey(grant.location))?.name ?? grant.location.code,
      standing: standingOf(grant, now),
      approved: approvals.get(grant.id)!,
      asked: asked.get(grant.id),
    }));
    const over = ({ standing }: OwnAccess): boolean => standing === 'ended';
    return [...all.filter((one) => !over(one)), ...all.filter(over)];
  }

  private wordsOf(grant: Grant): Omit<OwnAccess, 'place' | 'standing' | 'approved' | 'asked'> {
    const { id: grantId, application, role, permission, location, fromAt, toAt, endedAt, cause, reason } = grant;
    const names = this.catalog.names(application, role, permission);
    const roles = this.catalog.applications().find(({ code }) => code === application)?.roles ?? [];
    const known = roles.flatMap((one) => one.permissions).find(({ code }) => code === permission);
    return {
      ...{ grantId, fromAt, toAt, endedAt, cause, reason },
      application: names.application,
      permission: names.permission,
      about: known?.about ?? '',
      whole: location.level === 'system',
      listeners: this.deliveries.listeners(application),
    };
  }

  /** Requests of a person that wait to keep grants longer, by grant. */
  private async askedFor(staffMemberId: string): Promise<Map<string, RequestLink>> {
    const rows = await this.em.execute<(RequestLink & { grant_id: string })[]>(
      `select l.extends_grant_id as grant_id, r.id, r.reference from permission_request r
       join request_line l on l.request_id = r.id and l.status = 'pending'
       where r.staff_member_id = ? and l.extends_grant_id is not null`,
      [staffMemberId],
    );
    return new Map(rows.map(({ grant_id: grantId, id, reference }) => [grantId, { id, reference }]));
  }
}
