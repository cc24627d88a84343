import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { GrantHistory, type PastGrant } from '#grants';
import { Clock, days, localDay, newId, Problem, type SignedIn, startOfDay } from '#kernel';
import { answeringSystem, type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';
import { FileLimit, mostRows } from './file-limit.js';
import { PeopleQueries } from './people-queries.js';
import { complianceProblems } from './problems.js';
import { type AccessReader, ReaderScope } from './reader-scope.js';

/** Who had access at a place on a day. Days are 'YYYY-MM-DD'. */
export interface AsOfPlace {
  location: Location;
  application: string;
  /** Absent: any of the application. */
  permission?: string;
  day: string;
  /** As it was on record when that day ended; absent: as it is on record now. */
  believedDay?: string;
}

/** What a person had from one day up to and with another. */
export interface AsOfPerson {
  /** 10 digits. */
  staffId: string;
  fromDay: string;
  throughDay: string;
  believedDay?: string;
}

/** A permission somebody had. */
export interface AsOfRow extends Pick<PastGrant, 'fromAt' | 'toAt' | 'state' | 'cause' | 'reason' | 'recordedAt'> {
  staffMemberId: string;
  name: string;
  staffId: string;
  application: string;
  permission: string;
  place: string;
  placeCode: string;
  /** It held for a whole school system. */
  whole: boolean;
}

export interface AsOfAnswer<Rows = AsOfRow[]> {
  rows: Rows;
  /** There may be more where others decide. */
  partial: boolean;
}

/** The answer for a place, with the place and the system that answered for it as they were on that day. */
export interface AsOfPlaceAnswer extends AsOfAnswer {
  place: PlacedLocation;
  system?: { code: string; name: string };
}

/** The answer for a person. */
export interface AsOfPersonAnswer extends AsOfAnswer {
  staffMemberId: string;
  name: string;
}

/**
 * Who could do what, when, and what was believed of it: within what the reader looks after. Each answer is kept in the audit
 * log with what was asked and how much was answered (AU-5).
 */
@Injectable()
export class AsOf {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly history: GrantHistory,
    private readonly people: PeopleQueries,
    private readonly scope: ReaderScope,
    private readonly files: FileLimit,
  ) {}

  /**
   * Who had it at any moment of that day, not while it rested. What is given for a whole system counts at each of its sites.
   * @param file it leaves as a file
   * @throws compliance.not-found (404) for a place that is not there, or not the reader's; compliance.too-many-rows (422),
   *   compliance.too-many-files (429)
   */
  async place(actor: SignedIn, asked: AsOfPlace, file = false): Promise<AsOfPlaceAnswer> {
    const { location, application, permission, day, believedDay } = asked;
    const reader = await this.reader(actor);
    const now = (await this.sites.placeMany([location])).get(locationKey(location));
    const then = (await this.sites.placeMany([location], noonOf(day))).get(locationKey(location));
    if (!now || !then || !this.scope.holds(reader, application, now)) throw absent('place');
    if (file) await this.files.take(actor, 'access.as-of');
    const served = this.catalog.applications().find(({ code }) => code === application)?.servedSites ?? false;
    const system = location.level === 'site' ? answeringSystem(then, served) : undefined;
    const [validAt, validUntil] = [startOfDay(day), endOfDay(day)];
    const believedAt = this.believedAt(believedDay);
    const who = (where: Location): Promise<PastGrant[]> =>
      this.history.whoHad({ application, permission, location: where, validAt, validUntil, believedAt });
    const found = [...(await who(location)), ...(system ? await who({ level: 'system', code: system.code }) : [])];
    return this.em.transactional(async () => ({
      ...(await this.answer(actor, reader, found, { ...asked, ...location, location: undefined, file })),
      place: then,
      system,
    }));
  }

  /**
   * What a person had at any moment of some days, resting or not.
   * @throws as `place`, for a person who is not there or not the reader's
   */
  async person(actor: SignedIn, asked: AsOfPerson, file = false): Promise<AsOfPersonAnswer> {
    const { staffId, fromDay, throughDay, believedDay } = asked;
    const reader = await this.reader(actor);
    const [row] = await this.em.execute<{ id: string }[]>(`select id from staff_member where staff_id = ?`, [staffId]);
    // For a Staff ID that is nobody's as much is looked up as for that of somebody elsewhere (AC-2).
    const found = await this.seen(actor, row?.id ?? newId());
    if (!row || !found) throw absent('person');
    if (file) await this.files.take(actor, 'access.as-of');
    const had = await this.history.ofPerson(row.id, {
      from: startOfDay(fromDay),
      to: endOfDay(throughDay),
      believedAt: this.believedAt(believedDay),
    });
    return this.em.transactional(async () => ({
      ...(await this.answer(actor, reader, had, { ...asked, file })),
      staffMemberId: row.id,
      name: found.name,
    }));
  }

  /** A person, where the reader looks after him; of others nothing is told, also not that the Staff ID is somebody's (AC-2). */
  private async seen(actor: SignedIn, staffMemberId: string): Promise<{ name: string } | undefined> {
    try {
      return await this.people.person(actor, staffMemberId);
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 404) return undefined;
      throw problem;
    }
  }

  private async reader(actor: SignedIn): Promise<AccessReader> {
    const reader = await this.scope.of(actor);
    if (!reader) throw absent('place');
    return reader;
  }

  /** Absent for today: what is on record now. */
  private believedAt(day: string | undefined): Date | undefined {
    return day === undefined || day >= localDay(this.clock.now()) ? undefined : new Date(endOfDay(day).getTime() - 1);
  }

  private async answer(
    actor: SignedIn,
    reader: AccessReader,
    found: PastGrant[],
    filter: Record<string, unknown>,
  ): Promise<AsOfAnswer> {
    const places = await this.sites.placeMany(found.map(({ location }) => location));
    const seen = found.filter((one) =>
      this.scope.holds(reader, one.application, places.get(locationKey(one.location))),
    );
    if (seen.length > mostRows)
      throw complianceProblems.tooManyRows('That is more than 50,000 rows. Ask for one permission only.');
    await this.audit.record(actor, { action: 'access.as-of', after: { ...filter, rows: seen.length } });
    const people = await this.staff.membersByIds([...new Set(seen.map(({ staffMemberId }) => staffMemberId))]);
    const rows = seen.map((one): AsOfRow => {
      const { fromAt, toAt, state, cause, reason, recordedAt, staffMemberId, location } = one;
      const names = this.catalog.names(one.application, one.role, one.permission);
      const person = people.get(staffMemberId);
      return {
        ...{ fromAt, toAt, state, cause, reason, recordedAt, staffMemberId },
        name: person ? `${person.firstName} ${person.lastName}` : '',
        staffId: person?.staffId ?? '',
        application: names.application,
        permission: names.permission,
        place: places.get(locationKey(location))?.name ?? location.code,
        placeCode: location.code,
        whole: location.level === 'system',
      };
    });
    return { rows: rows.sort(byName), partial: this.scope.isPartial(reader) };
  }
}

const byName = (one: AsOfRow, other: AsOfRow): number =>
  one.name.localeCompare(other.name) ||
  one.staffId.localeCompare(other.staffId) ||
  one.place.localeCompare(other.place) ||
  one.permission.localeCompare(other.permission) ||
  one.fromAt.getTime() - other.fromAt.getTime();

const noonOf = (day: string): Date => new Date(startOfDay(day).getTime() + days(0.5));
/** The first instant of the day after: days that change the clock are 23 or 25 hours long. */
const endOfDay = (day: string): Date => startOfDay(localDay(new Date(startOfDay(day).getTime() + days(1.5))));

const absent = (what: 'place' | 'person'): Error =>
  complianceProblems.notFound(
    what === 'place'
      ? 'There is no such place among those you look after. Search for it by name.'
      : 'There is no such person among those you look after. Check the Staff ID.',
    { refusal: { action: 'access.as-of' } },
  );
