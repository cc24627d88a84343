import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { type Actor, Changes, Clock, isDay, localDay, newId } from '#kernel';
import { SitesService } from '#sites';
import { Appointer, areaOf } from './appointer.js';
import { CoordinatorNews } from './coordinator-news.js';
import { CoordinatorsService } from './coordinators.service.js';
import { checkedReason } from './designation.js';
import type { StepDuty } from './duty.js';
import { DutyRecords } from './duty-records.js';
import { HeadsService } from './heads.service.js';
import { holdRouting } from './hold-routing.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { dayInWords } from './scope-words.js';
import { StateOffice } from './state-office.js';

/** Who is to hold which duty, and from when. */
export interface DutyForm {
  duty: StepDuty;
  staffMemberId: string;
  /** Of a Special Education Supervisor. */
  systemCode?: string;
  /** Limit to one application; always there for its owner. */
  application?: string;
  /** 'YYYY-MM-DD', today when absent. */
  fromDay?: string;
  /** First day no longer. */
  toDay?: string;
}

/** Who holds the duties that approve before or after the coordinators: naming and ending, never by coordinators (CO-3). */
@Injectable()
export class DutiesService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly records: DutyRecords,
    private readonly appointer: Appointer,
    private readonly heads: HeadsService,
    private readonly coordinators: CoordinatorsService,
    private readonly office: StateOffice,
    private readonly news: CoordinatorNews,
  ) {}

  /**
   * Gives a duty to a person. For the state desk and operators; a Special Education Supervisor also by the head of the system.
   * Nobody names himself.
   * @returns the duty's id
   * @throws coordinators.not-yours (403), coordinators.not-found (404), coordinators.wrong-scope, sites.*, catalog.* (422),
   *   coordinators.already, coordinators.unsigned (409)
   */
  async name(actor: Actor, form: DutyForm): Promise<string> {
    const today = this.today();
    const { duty, staffMemberId, fromDay = today, toDay } = checkedForm(form, today);
    const application = form.application ? this.catalog.application(form.application).code : undefined;
    return this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const known = isRowId(staffMemberId) && (await this.appointer.hold(staffMemberId));
      const systemCode = await this.systemOf(form);
      // Before the assignments of the actor, which `mustName` holds: the order of everybody.
      await holdRouting(this.em, systemCode === null ? 'everywhere' : [systemCode], 'change');
      await this.mustName(actor, person, { action: 'duty.name', form, about: staffMemberId });
      if (!known)
        throw coordinatorsProblems.notFound('There is no such staff member. Search for the person by Staff ID.');
      await this.records.refuseTwice({ duty, staffMemberId, systemCode, application, fromDay, toDay });
      const id = newId();
      await this.em.execute(
        `insert into duty_holder (id, duty, staff_member_id, system_code, application, from_day, to_day, named_by, created_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          id,
          duty,
          staffMemberId,
          systemCode,
          application ?? null,
          fromDay,
          toDay ?? null,
          person ?? null,
          this.clock.now(),
        ],
      );
      await this.audit.record(actor, {
        action: 'duty.name',
        target: `duty:${id}`,
        after: { duty, staffMemberId, systemCode, application, fromDay, toDay },
      });
      const words = await this.records.words({ duty, system_code: systemCode, application: application ?? null });
      await this.news.tell([staffMemberId], 'coordinators.duty-named', {
        duty: words,
        day: dayInWords(fromDay),
        ...((await this.coordinators.hasSigned(staffMemberId)) && { signed: 'yes' }),
      });
      if (fromDay <= today) {
        const cause = `${await this.appointer.nameOf(staffMemberId)} is ${words} now.`;
        await this.changes.announce(actor, { cause, ...areaOf(systemCode) });
      }
      return id;
    });
  }

  /**
   * Ends a duty at once; steps that wait go to whoever holds it besides, or to the state desk. For those who may name one; nobody
   * ends his own.
   * @throws coordinators.not-yours (403), coordinators.not-found (404), coordinators.already-ended, coordinators.unsigned (409)
   */
  async end(actor: Actor, dutyId: string, reason: string): Promise<void> {
    const why = checkedReason(reason);
    await this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const found = await this.records.row(dutyId);
      if (found) await holdRouting(this.em, found.system_code === null ? 'everywhere' : [found.system_code], 'change');
      if (!found) {
        await this.office.mustAct(actor, person, { action: 'duty.end', notBy: [] });
        throw coordinatorsProblems.notFound('There is no such duty. Load the list again.');
      }
      const form = { duty: found.duty, systemCode: found.system_code ?? undefined };
      await this.mustName(actor, person, { action: 'duty.end', form, about: found.staff_member_id });
      const held = (await this.records.row(dutyId, true))!;
      if (held.over) throw coordinatorsProblems.alreadyEnded('This duty was ended before. Load the list again.');
      await this.records.finish(actor, [held], why, person);
      const words = await this.records.words(held);
      await this.news.tell([held.staff_member_id], 'coordinators.duty-ended', { duty: words, reason: why });
      if (!held.begun) return;
      const cause = `${await this.appointer.nameOf(held.staff_member_id)} is no longer ${words}.`;
      await this.changes.announce(actor, { cause, ...areaOf(held.system_code) });
    });
  }

  /** The state desk or an operator; of a system's supervisor also its head. */
  private async mustName(
    actor: Actor,
    person: string | undefined,
    { action, form, about }: { action: string; form: Pick<DutyForm, 'duty' | 'systemCode'>; about: string },
  ): Promise<void> {
    if (form.duty === 'special-education-supervisor' && person !== undefined && person !== about) {
      const heads = await this.heads.systemsHeadedBy(person);
      if (heads.some(({ systemCode }) => systemCode === form.systemCode)) return;
    }
    await this.office.mustAct(actor, person, { action, target: `staff-member:${about}`, notBy: [about] });
  }

  private async systemOf({ duty, systemCode, application }: DutyForm): Promise<string | null> {
    if (duty === 'application-owner') {
      if (systemCode)
        throw coordinatorsProblems.wrongScope(
          'An application has its owner in the whole state, not in one school system.',
        );
      if (!application) throw coordinatorsProblems.wrongScope('Choose the application this person owns.');
      return null;
    }
    return (await this.sites.placeOpen({ level: 'system', code: systemCode ?? '' })).code;
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}

function checkedForm(form: DutyForm, today: string): DutyForm {
  const { duty, fromDay, toDay } = form;
  const wrong = coordinatorsProblems.wrongScope;
  if (duty !== 'special-education-supervisor' && duty !== 'application-owner') throw wrong('Choose the duty.');
  for (const day of [fromDay, toDay])
    if (day !== undefined && !isDay(day)) throw wrong('Write the day as year-month-day, such as 2026-08-15.');
  if (fromDay !== undefined && fromDay < today) throw wrong('This day has passed. Choose today or a later day.');
  if (toDay !== undefined && toDay <= (fromDay ?? today)) throw wrong('The last day comes before the first one.');
  return form;
}
