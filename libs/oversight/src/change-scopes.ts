import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, isDay, localDay } from '#kernel';
import { RegisterChanges, type RegisterRowChange } from '#sites';
import type { PlannedChange } from './planned-change.js';

/** What a change may concern, known before it is made. */
export interface ChangeScope {
  /** Systems in which lines or places may change hands. */
  systems: string[] | 'everywhere';
  /** The first day on which what it does holds, 'YYYY-MM-DD'. */
  day: string;
  /** The only sites that can lose somebody, where not the whole system can. */
  sites?: string[];
  /** Staff members the change makes coordinators or covers, or whose duties it is about. */
  people?: string[];
  /** What a register change holds; another one is another plan. */
  registerPlan?: string;
}

type CoverChange = Extract<PlannedChange, { kind: 'cover' }>;

interface Seat {
  /** Null: the state. */
  system: string | null;
  person: string;
}

/** Finds what a change may concern. Says nothing about who may make it, and what is unknown concerns nothing. */
@Injectable()
export class ChangeScopes {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly register: RegisterChanges,
  ) {}

  async of(change: PlannedChange): Promise<ChangeScope> {
    switch (change.kind) {
      case 'stand-down':
      case 'end':
        return { systems: systemsOf(await this.coordinator(change.coordinatorId)), day: this.dayOf(change.day) };
      case 'cover':
        return this.ofCover(change);
      case 'designation-grant':
        return this.ofDesignation(change.designationId);
      case 'serve':
      case 'move': {
        const others = change.systemCode === null ? [] : [change.systemCode];
        return this.ofSites([change.siteCode], others, 'fromDay' in change ? change.fromDay : undefined);
      }
      case 'close':
        return this.ofSites([change.siteCode]);
      case 'merge':
        return this.ofSites([change.siteCode, change.intoCode]);
      case 'register':
        return this.ofRegister(change.changeId, change.only);
    }
  }

  /** What lies in the past holds from today on; what is no day, the verb refuses. */
  private dayOf(day?: string): string {
    const today = localDay(this.clock.now());
    return day !== undefined && isDay(day) && day > today ? day : today;
  }

  private async coordinator(id: string): Promise<Seat | undefined> {
    const [row] = await this.em.execute<Seat[]>(
      `select system_code as system, staff_member_id as person from coordinator where id::text = ?`,
      [id],
    );
    return row;
  }

  private async ofCover({ coordinatorId, staffMemberId, fromDay }: CoverChange): Promise<ChangeScope> {
    const seat = await this.coordinator(coordinatorId);
    return { systems: systemsOf(seat), day: this.dayOf(fromDay), people: seat && [seat.person, staffMemberId] };
  }

  private async ofDesignation(id: string): Promise<ChangeScope> {
    const [row] = await this.em.execute<{ system: string; day: string; person: string }[]>(
      `select system_code as system, from_day::text as day, staff_member_id as person from designation where id::text = ?`,
      [id],
    );
    return { systems: row ? [row.system] : [], day: this.dayOf(row?.day), people: row && [row.person] };
  }

  private async ofRegister(id: string, only?: string[]): Promise<ChangeScope> {
    const { plan, planHash } = await this.register.get(id);
    const wanted = only && new Set(only);
    const rows = plan.filter(({ key }) => !wanted || wanted.has(key));
    const sites = rows.filter(({ level }) => level === 'site').map(({ code }) => code);
    const others = rows.flatMap((row) => (row.level === 'system' ? [row.code] : systemsIn(row)));
    return { ...(await this.ofSites(sites, others)), registerPlan: planHash };
  }

  private async ofSites(sites: string[], others: string[] = [], day?: string): Promise<ChangeScope> {
    return { systems: await this.around(sites, others), sites, day: this.dayOf(day) };
  }

  /** Systems that own or serve sites today or will, and others with them. */
  private async around(sites: string[], others: string[]): Promise<string[]> {
    const rows = await this.em.execute<{ code: string }[]>(
      `with wanted as (select value as code from json_array_elements_text(?::json)), today as (select ?::date as day)
       select p.system_code as code from site_parent p, today where p.site_code in (select code from wanted) and coalesce(p.to_day > day, true)
       union select v.system_code from site_serving v, today where v.site_code in (select code from wanted) and coalesce(v.to_day > day, true)
       union select s.code from school_system s where s.code in (select json_array_elements_text(?::json)) order by 1`,
      [JSON.stringify(sites), localDay(this.clock.now()), JSON.stringify(others)],
    );
    return rows.map(({ code }) => code);
  }
}

function systemsOf(seat: Seat | undefined): ChangeScope['systems'] {
  if (!seat) return [];
  return seat.system === null ? 'everywhere' : [seat.system];
}

/** Systems a site belonged to, will belong to, and the ones that served or will serve it. */
function systemsIn({ before, after }: RegisterRowChange): string[] {
  const states = [before, after].filter((state) => state !== undefined && 'systemCode' in state);
  return states.flatMap(({ systemCode, serving }) => (serving === undefined ? [systemCode] : [systemCode, serving]));
}
