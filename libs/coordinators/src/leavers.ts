import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, localDay } from '#kernel';
import { SitesService } from '#sites';
import { Appointer } from './appointer.js';
import type { Reach } from './coordinator.js';
import { CoordinatorNews } from './coordinator-news.js';
import { DepartureNews } from './departure-news.js';
import { DesignationRecord } from './designation-record.js';
import { DutyRecords } from './duty-records.js';
import { HeadsService } from './heads.service.js';
import { dayInWords } from './scope-words.js';
import { Takeovers } from './takeovers.js';

/** A duty that ended because the person left. */
export interface EndedDuty {
  kind: 'coordinator' | 'cover' | 'head' | 'designation' | 'duty';
  /** The school system it was in; absent for the state. */
  systemCode?: string;
  /** What it was, in words that stand alone. */
  words: string;
}

interface HeldDuty {
  id: string;
  reach: Reach;
  systemCode: string | null;
  application: string | null;
  siteCodes: string[];
  begun: boolean;
}

/** Why and by whom a person leaves; `by` is a staff member, absent for an operator, a feed, or the day itself. */
interface Why {
  reason: string;
  by?: string;
}

/**
 * Ends everything a leaver does for others, in the caller's transaction: nobody is kept by a duty, not even as the last one
 * of a school system (CO-6); there the state takes over at once. The caller holds the person and the routing of all systems
 * concerned, and announces the change.
 */
@Injectable()
export class Leavers {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly sites: SitesService,
    private readonly appointer: Appointer,
    private readonly takeovers: Takeovers,
    private readonly heads: HeadsService,
    private readonly duties: DutyRecords,
    private readonly record: DesignationRecord,
    private readonly news: CoordinatorNews,
    private readonly departures: DepartureNews,
  ) {}

  /** @returns what ended, duties as a coordinator first */
  async end(actor: Actor, staffMemberId: string, why: Why): Promise<EndedDuty[]> {
    const name = await this.appointer.nameOf(staffMemberId);
    const assignments = await this.assignments(actor, staffMemberId, why);
    const covers = await this.covers(actor, staffMemberId);
    const heads = await this.headed(actor, staffMemberId, why);
    const designations = await this.designations(actor, staffMemberId, why);
    const held = await this.duties.endAll(actor, staffMemberId, why);
    const duties = assignments.filter(({ begun, reach, application }) => begun && reach === 'system' && !application);
    const systems = await this.openSystems(duties);
    await this.takeovers.open(actor, systems, `${name} has left.`, why.by);
    for (const code of systems) await this.departures.tellOnlyOne(code, staffMemberId, localDay(this.clock.now()));
    const ended: EndedDuty[] = [];
    for (const one of assignments) {
      const scope = await this.appointer.scopeWords({ ...one, application: one.application ?? undefined });
      await this.tellHead(one, { name, scope }, staffMemberId);
      ended.push({ kind: 'coordinator', ...systemOf(one), words: `Security coordinator ${scope}` });
    }
    return [...ended, ...covers, ...heads, ...designations, ...held.map((one) => ({ kind: 'duty' as const, ...one }))];
  }

  private async assignments(actor: Actor, staffMemberId: string, { reason, by }: Why): Promise<HeldDuty[]> {
    const today = localDay(this.clock.now());
    const held = await this.em.execute<HeldDuty[]>(
      `select c.id, c.reach, c.system_code as "systemCode", c.application, c.from_day <= ?::date as begun,
         array(select s.site_code from coordinator_site s where s.coordinator_id = c.id order by s.site_code) as "siteCodes"
       from coordinator c where c.staff_member_id = ? and c.ended_at is null and coalesce(c.to_day > ?::date, true)
       order by c.id for update of c`,
      [today, staffMemberId, today],
    );
    await this.em.execute(
      `update coordinator set ended_at = ?, ended_reason = ?, ended_by = ? where id in (select value::uuid from json_array_elements_text(?::json))`,
      [this.clock.now(), reason, by ?? null, JSON.stringify(held.map(({ id }) => id))],
    );
    const deeds = held.map(({ id }) => ({
      action: 'coordinator.end',
      target: `coordinator:${id}`,
      after: { ended: true },
      reason,
    }));
    await this.audit.recordMany(actor, deeds);
    return held;
  }

  /** Those given and those taken. */
  private async covers(actor: Actor, staffMemberId: string): Promise<EndedDuty[]> {
    const today = localDay(this.clock.now());
    const rows = await this.em.execute<
      {
        id: string;
        coordinator_id: string;
        system_code: string | null;
        taken: boolean;
        absent: string;
        stand: string;
      }[]
    >(
      `update coordinator_cover v set ended_at = ?
       from coordinator c join staff_member m on m.id = c.staff_member_id, staff_member w
       where c.id = v.coordinator_id and w.id = v.staff_member_id and v.ended_at is null and v.to_day > ?::date
         and (v.staff_member_id = ? or c.staff_member_id = ?)
       returning v.id, v.coordinator_id, c.system_code, v.staff_member_id = ? as taken,
         m.first_name || ' ' || m.last_name as absent, w.first_name || ' ' || w.last_name as stand`,
      [this.clock.now(), today, staffMemberId, staffMemberId, staffMemberId],
    );
    const deeds = rows.map(({ id, coordinator_id }) => ({
      action: 'coordinator.cover-end',
      target: `coordinator:${coordinator_id}`,
      after: { coverId: id, ended: true },
    }));
    await this.audit.recordMany(actor, deeds);
    return rows.map((row) => ({
      kind: 'cover',
      ...systemOf({ systemCode: row.system_code }),
      words: row.taken ? `Standing in for ${row.absent}` : `${row.stand} standing in`,
    }));
  }

  private async headed(actor: Actor, staffMemberId: string, { reason }: Why): Promise<EndedDuty[]> {
    const rows = await this.em.execute<{ system_code: string; title: string; name: string }[]>(
      `update system_head h set ended_at = ? from school_system y
       where y.code = h.system_code and h.staff_member_id = ? and h.ended_at is null returning h.system_code, h.title, y.name`,
      [this.clock.now(), staffMemberId],
    );
    const deeds = rows.map(({ system_code }) => ({
      action: 'head.end',
      target: `system:${system_code}`,
      before: { staffMemberId },
      reason,
    }));
    await this.audit.recordMany(actor, deeds);
    return rows.map((row) => ({ kind: 'head', systemCode: row.system_code, words: `${row.title} of ${row.name}` }));
  }

  /** Those about the person; what a head proposed for others, the state office decides as before. */
  private async designations(actor: Actor, staffMemberId: string, { reason, by }: Why): Promise<EndedDuty[]> {
    const rows = await this.em.execute<{ id: string; system_code: string; name: string }[]>(
      `update designation d set status = 'withdrawn', version = d.version + 1 from school_system y
       where y.code = d.system_code and d.staff_member_id = ? and d.status in ('proposed', 'approved', 'asked')
       returning d.id, d.system_code, y.name`,
      [staffMemberId],
    );
    for (const { id } of rows)
      await this.record.keep(actor, { id, staffMemberId }, 'withdraw', by ?? staffMemberId, reason);
    return rows.map((row) => ({
      kind: 'designation',
      systemCode: row.system_code,
      words: `Designation as a security coordinator in ${row.name}`,
    }));
  }

  /** Closed systems need nobody. */
  private async openSystems(duties: HeldDuty[]): Promise<string[]> {
    const codes = [...new Set(duties.flatMap(({ systemCode }) => systemCode ?? []))].sort();
    const places = await this.sites.placeMany(codes.map((code) => ({ level: 'system', code })));
    return codes.filter((code) => places.get(`system:${code}`)?.open);
  }

  private async tellHead(
    { systemCode }: HeldDuty,
    facts: { name: string; scope: string },
    leaver: string,
  ): Promise<void> {
    const head = systemCode === null ? undefined : await this.heads.headOf(systemCode);
    if (!head || head.staffMemberId === leaver) return;
    const day = dayInWords(localDay(this.clock.now()));
    await this.news.tell([head.staffMemberId], 'coordinators.left', { ...facts, day, systemCode: head.systemCode });
  }
}

const systemOf = ({ systemCode }: { systemCode: string | null }): { systemCode?: string } =>
  systemCode === null ? {} : { systemCode };
