import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { type Actor, Changes, Clock, localDay } from '#kernel';
import { type Location, SitesService } from '#sites';
import { StaffService } from '#staff';
import type { Reach } from './coordinator.js';
import { CoordinatorNews } from './coordinator-news.js';
import type { Scope } from './designation.js';
import { coordinatorsProblems } from './problems.js';
import { dayInWords, scopeInWords, servedCount } from './scope-words.js';
import { signedStatement } from './statement-in-force.js';
import { Takeovers } from './takeovers.js';

/** An assignment, checked: nothing in it is left to be found out. */
export interface Appointment extends Scope {
  id: string;
  staffMemberId: string;
  reach: Reach;
  application?: string;
  /** 'YYYY-MM-DD', today or later. */
  fromDay: string;
  toDay?: string;
}

/** Writes assignments for the verbs that made sure who may; asks no questions of its own but whether it is there already. */
@Injectable()
export class Appointer {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly takeovers: Takeovers,
    private readonly news: CoordinatorNews,
  ) {}

  /**
   * Holds a person until the transaction ends, so that nobody is made the same coordinator twice at once.
   * @returns whether there is such a person
   */
  async hold(staffMemberId: string): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>(`select id from staff_member where id = ? for update`, [
      staffMemberId,
    ]);
    return rows.length > 0;
  }

  /**
   * Writes the assignment, ends what the state took over meanwhile, tells the person and whoever follows. The person and the
   * routing of the system are held.
   * @throws coordinators.already (409)
   */
  async appoint(actor: Actor, one: Appointment): Promise<void> {
    if (await this.isThere(one))
      throw coordinatorsProblems.already(
        'This person is a coordinator with exactly this scope already. Nothing was changed.',
      );
    await this.write(one);
    const { id, staffMemberId, reach, systemCode, siteCodes, application, fromDay, toDay } = one;
    await this.audit.record(actor, {
      action: 'coordinator.designate',
      target: `coordinator:${id}`,
      after: { staffMemberId, reach, systemCode, siteCodes, application, fromDay, toDay },
    });
    await this.news.tell([staffMemberId], 'coordinators.named', {
      scope: await this.scopeWords(one),
      day: dayInWords(fromDay),
      ...((await this.hasSigned(staffMemberId, fromDay)) && { signed: 'yes' }),
    });
    if (fromDay > localDay(this.clock.now())) return;
    if (systemCode !== null) await this.takeovers.end(actor, [systemCode]);
    const cause = `${await this.nameOf(staffMemberId)} is a security coordinator now.`;
    await this.changes.announce(actor, { cause, ...areaOf(systemCode) });
  }

  /** Whether exactly this scope is held, or will be, on one of these days. */
  async isThere(one: Appointment): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>(
      `select c.id from coordinator c where c.staff_member_id = ? and c.reach = ? and c.system_code is not distinct from ?
         and c.application is not distinct from ? and c.ended_at is null
         and coalesce(c.to_day > ?::date, true) and coalesce(c.from_day < ?::date, true)
         and (select coalesce(json_agg(s.site_code order by s.site_code collate "C")::text, '[]') from coordinator_site s
              where s.coordinator_id = c.id) = (select coalesce(json_agg(w order by w collate "C")::text, '[]')
              from json_array_elements_text(?::json) as w)`,
      [
        one.staffMemberId,
        one.reach,
        one.systemCode,
        one.application ?? null,
        one.fromDay,
        one.toDay ?? null,
        JSON.stringify(one.siteCodes),
      ],
    );
    return rows.length > 0;
  }

  /** The scope in words that follow "coordinator". */
  async scopeWords({
    reach,
    systemCode,
    siteCodes,
    application,
  }: Pick<Appointment, 'reach' | 'systemCode' | 'siteCodes' | 'application'>): Promise<string> {
    const sites: Location[] = siteCodes.map((code) => ({ level: 'site', code }));
    const system: Location[] = systemCode === null ? [] : [{ level: 'system', code: systemCode }];
    const places = await this.sites.placeMany([...sites, ...system]);
    return scopeInWords({
      reach,
      system: places.get(`system:${systemCode}`)?.name ?? systemCode ?? undefined,
      sites: siteCodes.map((code) => places.get(`site:${code}`)?.name ?? code),
      served: servedCount(systemCode, places.values()),
      application: application === undefined ? undefined : this.catalog.names(application).application,
    });
  }

  /** A person's name as others read it. */
  async nameOf(staffMemberId: string): Promise<string> {
    const person = (await this.staff.membersByIds([staffMemberId])).get(staffMemberId);
    return person ? `${person.firstName} ${person.lastName}` : 'Somebody';
  }

  /** Whether there is nothing left to sign on the first day. */
  private async hasSigned(staffMemberId: string, day: string): Promise<boolean> {
    const [row] = await this.em.execute<{ signed: boolean }[]>(
      `select ${signedStatement('?::uuid', '?::date')} as signed`,
      [staffMemberId, day, day],
    );
    return row!.signed;
  }

  private async write(one: Appointment): Promise<void> {
    await this.em.execute(
      `insert into coordinator (id, staff_member_id, reach, system_code, application, from_day, to_day, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        one.id,
        one.staffMemberId,
        one.reach,
        one.systemCode,
        one.application ?? null,
        one.fromDay,
        one.toDay ?? null,
        this.clock.now(),
      ],
    );
    await this.em.execute(
      `insert into coordinator_site (coordinator_id, site_code) select ?, value from json_array_elements_text(?::json)`,
      [one.id, JSON.stringify(one.siteCodes)],
    );
  }
}

/** What a change of an assignment concerns, for those who follow. */
export const areaOf = (systemCode: string | null): { systems: string[] } | { everywhere: true } =>
  systemCode === null ? { everywhere: true } : { systems: [systemCode] };
