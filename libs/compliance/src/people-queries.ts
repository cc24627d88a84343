import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { CoordinatorsService } from '#coordinators';
import { GrantHistory, type PastGrant } from '#grants';
import { Clock, days, localDay, type SignedIn } from '#kernel';
import { RequestLists, type RequestSummary } from '#requests';
import { Deliveries } from '#signals';
import { type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';
import { absentPerson, DepartureRules } from './departure-rules.js';
import type { EndedThing } from './departure.js';
import type { DepartureView, PersonAccess, PersonEmployment, PersonView } from './person-view.js';
import { type AccessReader, ReaderScope } from './reader-scope.js';
import { wordsOf } from './words-of.js';

interface EmploymentRow {
  siteCode: string;
  position: string;
  from: string;
  to: string | null;
}

/** Somebody found by name or Staff ID. */
export interface FoundPerson {
  staffMemberId: string;
  staffId: string;
  name: string;
  /** Position and site; empty for people without an employment. */
  about: string;
}

interface DepartureRow extends Omit<DepartureView, 'leftAt' | 'partial' | 'by' | 'told'> {
  leftAt: string;
  accountId: string | null;
  by: string | null;
}

/** Far enough back for what an office asks about a person. */
const lookedBack = days(2 * 365);

/** One person, for those whose scope covers a place where the person works or may do something. */
@Injectable()
export class PeopleQueries {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
    private readonly history: GrantHistory,
    private readonly lists: RequestLists,
    private readonly deliveries: Deliveries,
    private readonly rules: DepartureRules,
    private readonly scope: ReaderScope,
  ) {}

  /**
   * A person with employments, access, requests and what ended; of each only what the reader looks after.
   * @throws compliance.not-found (404) for anybody else, as for an absent one
   */
  async person(actor: SignedIn, staffMemberId: string): Promise<PersonView> {
    const absent = absentPerson({ action: 'person.view', target: `staff-member:${staffMemberId}` });
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(staffMemberId);
    const member = isId ? (await this.staff.membersByIds([staffMemberId])).get(staffMemberId) : undefined;
    const reader = await this.scope.of(actor);
    if (!isId || !reader) throw absent;
    // From here on as much is looked up for an absent person as for one elsewhere: both take the same time (AC-2).
    const now = this.clock.now();
    const past = await this.history.ofPerson(staffMemberId, {
      from: new Date(now.getTime() - lookedBack),
      to: new Date(now.getTime() + lookedBack),
    });
    const employments = await this.employments(staffMemberId);
    const places = await this.placesOf(employments, past);
    const works = employments.filter(({ siteCode }) => this.scope.holdsPlace(reader, places.get(`site:${siteCode}`)));
    const access = past.filter((one) =>
      this.scope.holds(reader, one.application, places.get(locationKey(one.location))),
    );
    const requests = await this.requestsOf(reader, staffMemberId);
    if (!member || (!works.length && !access.length && !requests.length)) throw absent;
    const today = localDay(now);
    const isOver = ({ toAt }: PastGrant): boolean => toAt !== undefined && toAt <= now;
    const live = new Set(access.filter((one) => !isOver(one)).map(({ grantId }) => grantId));
    // What rests, or rested, goes on as the same grant: it is not over.
    const over = access.filter(({ grantId }) => !live.has(grantId));
    return {
      staffMemberId,
      name: `${member.firstName} ${member.lastName}`,
      staffId: member.staffId,
      employments: works.map((one) => employmentOf(one, places, today)),
      access: access.filter((one) => !isOver(one)).map((one) => this.accessOf(one, places)),
      past: lastOf(over).map((one) => this.accessOf(one, places)),
      requests,
      departures: await this.departures(reader, staffMemberId),
      mayEnd: await this.mayEnd(reader, staffMemberId, places),
      own: reader.staffMemberId === staffMemberId,
    };
  }

  /**
   * People whose name or Staff ID holds every word typed, of those the reader looks after; 20 at most, by name.
   * @returns none for fewer than two letters, and for who looks after nobody
   */
  async find(actor: SignedIn, text: string): Promise<FoundPerson[]> {
    const words = wordsOf(text);
    const reader = await this.scope.of(actor);
    if (!reader || words.join('').length < 2) return [];
    const rows = await this.em.execute<(Omit<FoundPerson, 'about'> & EmploymentRow)[]>(
      `select m.id as "staffMemberId", m.staff_id as "staffId", m.first_name || ' ' || m.last_name as name, e.site_code as "siteCode", e.position
       from staff_member m left join employment e on e.staff_member_id = m.id
       where true ${words.map(() => `and (m.name_key like ? or m.staff_id = ?)`).join(' ')}
       order by m.name_key, m.id, e.to_day desc nulls first, e.site_code limit 1000`,
      words.flatMap((word) => [`%${word}%`, word]),
    );
    const places = await this.sites.placeMany(rows.map(({ siteCode: code }) => ({ level: 'site', code: code ?? '' })));
    const found = new Map<string, FoundPerson>();
    for (const { staffMemberId, staffId, name, siteCode, position } of rows) {
      const place = places.get(`site:${siteCode}`);
      if (found.has(staffMemberId) || !this.scope.holdsPlace(reader, place)) continue;
      found.set(staffMemberId, { staffMemberId, staffId, name, about: place ? `${position}, ${place.name}` : '' });
    }
    return [...found.values()].slice(0, 20);
  }

  private async employments(staffMemberId: string): Promise<EmploymentRow[]> {
    return this.em.execute<EmploymentRow[]>(
      `select site_code as "siteCode", position, from_day::text as "from", to_day::text as "to" from employment
       where staff_member_id = ? order by from_day desc, site_code`,
      [staffMemberId],
    );
  }

  private placesOf(employments: EmploymentRow[], past: PastGrant[]): Promise<Map<string, PlacedLocation>> {
    const worked = employments.map(({ siteCode: code }): Location => ({ level: 'site', code }));
    return this.sites.placeMany([...worked, ...past.map(({ location }) => location)]);
  }

  private accessOf(grant: PastGrant, places: Map<string, PlacedLocation>): PersonAccess {
    const { grantId, fromAt, toAt, state, cause, reason, location } = grant;
    const names = this.catalog.names(grant.application, grant.role, grant.permission);
    const place = places.get(locationKey(location))?.name ?? location.code;
    const words = { application: names.application, permission: names.permission, place };
    return { grantId, fromAt, toAt, state, cause, reason, ...words };
  }

  private async requestsOf(reader: AccessReader, staffMemberId: string): Promise<RequestSummary[]> {
    const accountId = (await this.staff.accountsOf([staffMemberId])).get(staffMemberId);
    const all = accountId === undefined ? [] : await this.lists.mine(accountId);
    return all.flatMap((request) => {
      const lines = request.lines.filter(({ application, place }) => this.scope.holds(reader, application.code, place));
      return lines.length ? [{ ...request, lines }] : [];
    });
  }

  private async departures(reader: AccessReader, staffMemberId: string): Promise<DepartureView[]> {
    const rows = await this.em.execute<DepartureRow[]>(
      `select d.id, d.account_id as "accountId", d.day::text, d.left_at as "leftAt", d.reason, d.ended, m.first_name || ' ' || m.last_name as by
       from departure d left join staff_member m on m.id = d.by_staff_member_id
       where d.staff_member_id = ? order by d.left_at desc, d.id`,
      [staffMemberId],
    );
    const things = rows.flatMap(({ ended }) => ended.flatMap(({ place }) => place ?? []));
    const places = await this.sites.placeMany(things);
    const views: DepartureView[] = [];
    for (const { leftAt, by, ended, accountId, ...row } of rows) {
      const seen = ended.filter((one) => this.sees(reader, one, places));
      views.push({
        ...row,
        leftAt: new Date(leftAt),
        ...(by !== null && { by }),
        ended: seen,
        partial: this.scope.isPartial(reader),
        told: accountId === null ? [] : await this.deliveries.of(accountId, new Date(leftAt)),
      });
    }
    return views;
  }

  private sees(reader: AccessReader, thing: EndedThing, places: Map<string, PlacedLocation>): boolean {
    if (thing.kind === 'sessions') return true;
    if (!thing.place) return this.scope.holdsSystem(reader, thing.systemCode);
    const place = places.get(locationKey(thing.place));
    return thing.application === undefined
      ? this.scope.holdsPlace(reader, place)
      : this.scope.holds(reader, thing.application, place);
  }

  private async mayEnd(
    reader: AccessReader,
    staffMemberId: string,
    places: Map<string, PlacedLocation>,
  ): Promise<PersonView['mayEnd']> {
    if (reader.staffMemberId === staffMemberId) return undefined;
    if (await this.coordinators.isStateDesk(reader.staffMemberId)) return 'everywhere';
    const codes = await this.rules.ownSites(reader.staffMemberId, staffMemberId);
    return codes.length ? codes.map((code) => places.get(`site:${code}`)?.name ?? code) : undefined;
  }
}

/** Each grant once, as it was last. */
const lastOf = (periods: PastGrant[]): PastGrant[] => {
  const last = new Map<string, PastGrant>();
  for (const one of periods)
    if (!last.has(one.grantId) || last.get(one.grantId)!.fromAt <= one.fromAt) last.set(one.grantId, one);
  return [...last.values()];
};

const employmentOf = (
  { siteCode, position, from, to }: EmploymentRow,
  places: Map<string, PlacedLocation>,
  today: string,
): PersonEmployment => ({
  site: places.get(`site:${siteCode}`)?.name ?? siteCode,
  position,
  from,
  ...(to !== null && { to }),
  over: to !== null && to < today,
});
