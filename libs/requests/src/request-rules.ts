import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Problem, type ProblemKind } from '#kernel';
import { type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { StaffService, type StaffPerson } from '#staff';
import { whatHappened } from './decisions.js';
import { type Asked, lineOf } from './line-of.js';
import type { LineOffer } from './line-offer.js';
import { distinctPlaces } from './together.js';
import type { RequestLine } from './permission-request.js';
import { requestsProblems } from './problems.js';

/** What somebody asks for: permissions of one role of an application, at one location. */
export interface Wish {
  application: string;
  role: string;
  permissions: string[];
  location: Location;
  /** 'YYYY-MM-DD', the first day it is needed; absent: from the approval on. */
  fromDay?: string;
  /** 'YYYY-MM-DD', the first day no longer; absent: for good. */
  toDay?: string;
  /** The grant that is to hold longer, until `toDay`; with the one permission, and the place, of that grant. */
  extends?: string;
}

/** What was asked for, as far as rules need it. */
type StoredWish = Asked & Pick<RequestLine, 'role'>;

/** A line as far as words about it need. */
type ToldLine = Pick<
  RequestLine,
  'id' | 'application' | 'role' | 'permission' | 'level' | 'code' | 'status' | 'decidedAt' | 'decidedBy'
>;

/** What the request verbs ask other libs: is it offered, where is it, whose is it, who decides. Changes nothing. */
@Injectable()
export class RequestRules {
  constructor(
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
  ) {}

  /** The person an account is linked to now. */
  async memberOf(accountId: string): Promise<StaffPerson | undefined> {
    return this.staff.memberOf(accountId);
  }

  /**
   * Checks that what is asked exists, may be asked for and is at an open place.
   * @returns the place
   * @throws catalog.*, sites.*, requests.not-offered, requests.incomplete (422)
   */
  async placeOf(wish: Wish): Promise<PlacedLocation> {
    const application = this.catalog.application(wish.application);
    const role = this.catalog.role(wish.application, wish.role);
    if (!wish.permissions.length)
      throw fault(requestsProblems.incomplete, 'permissions', 'Tick at least one permission.');
    for (const permission of wish.permissions) this.catalog.permission(wish.application, wish.role, permission);
    if (!application.requestable) {
      // Coordinators and the state desk are made by the state office, never by a request (CO-3).
      throw requestsProblems.notOffered(`"${role.name}" cannot be asked for here. The state office gives it.`, {
        refusal: { action: 'request.submit', target: `application:${application.code}` },
      });
    }
    if (!application.levels.includes(wish.location.level)) {
      const levels = application.levels
        .map((level) => (level === 'system' ? 'a whole school system' : 'a single site'))
        .join(' or ');
      throw fault(
        requestsProblems.notOffered,
        'location',
        `${application.name} is given for ${levels}. Choose such a place.`,
      );
    }
    return this.sites.placeOpen(wish.location);
  }

  /**
   * Asks everything again at the moment of approval (CO-4); the caller holds the place.
   * @param person the staff member the requester's account is linked to now
   * @returns the system that answers for the place today; the owning one when none is on record
   * @throws requests.not-grantable (409)
   */
  async mustBeGrantable(asked: StoredWish, person: string | undefined, permissions: string[]): Promise<string> {
    if (person !== asked.staffMemberId) {
      throw requestsProblems.notGrantable(
        'The account that asked is closed, or is no longer linked to this Staff ID. It cannot be approved; reject it with that as the reason.',
      );
    }
    const location: Location = { level: asked.level, code: asked.code };
    try {
      const place = await this.placeOf({ ...asked, permissions, location });
      return lineOf(asked, place, this.catalog).systemCode ?? place.system.code;
    } catch (fault) {
      if (!(fault instanceof Problem)) throw fault;
      throw requestsProblems.notGrantable(
        `Since it was asked for, something ended: ${fault.title.toLowerCase()}. It cannot be approved; reject it with that as the reason.`,
        { cause: fault },
      );
    }
  }

  /** Whether an account is, now, the person who asked. The account that sent it is not, once it lost the Staff ID. */
  async isRequester(accountId: string, { staffMemberId }: Pick<Asked, 'staffMemberId'>): Promise<boolean> {
    return (await this.memberOf(accountId))?.id === staffMemberId;
  }

  /**
   * What happened to lines, in words for `reader` (a staff member).
   * @param offers of less that wait, by line
   */
  async meanwhile(
    lines: ToldLine[],
    reader?: string,
    offers: Map<string, Pick<LineOffer, 'byStaffMemberId'>> = new Map(),
  ): Promise<string> {
    const offeredBy = ({ id }: ToldLine): string | undefined => offers.get(id)?.byStaffMemberId;
    const people = await this.staff.membersByIds(lines.flatMap((line) => line.decidedBy ?? offeredBy(line) ?? []));
    const places = await this.sites.placeMany(distinctPlaces(lines));
    const where = ({ level, code }: Location): string =>
      places.size > 1 ? ` at ${places.get(locationKey({ level, code }))?.name ?? code}` : '';
    return whatHappened(
      lines.map((line) => ({
        ...line,
        name: `"${this.permissionName(line, line.permission)}"${where(line)}`,
        offeredBy: offeredBy(line),
      })),
      (id) => (id === reader ? 'you' : fullName(people.get(id))),
    );
  }

  /** A permission in people's words. */
  permissionName({ application, role }: Pick<Wish, 'application' | 'role'>, permission: string): string {
    return this.catalog.names(application, role, permission).permission;
  }
}

/** A person's name as other people read it. */
export const fullName = (person: Pick<StaffPerson, 'firstName' | 'lastName'> | undefined): string =>
  person ? `${person.firstName} ${person.lastName}` : 'A former staff member';

const fault = (kind: ProblemKind, field: string, message: string): Problem =>
  kind(message, { errors: [{ field, message }] });
