import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { type Actor, Changes, Clock, localDay, newId, type SignedIn } from '#kernel';
import { StaffService } from '#staff';
import { areaOf } from './appointer.js';
import { CoordinatorNews } from './coordinator-news.js';
import { checkedCoverDays, checkedCoverScope, type CoveredAssignment, type CoverTerms } from './cover-terms.js';
import { CoverQueries, type CoverView, type StandIn } from './cover-queries.js';
import { CoverRules } from './cover-rules.js';
import { holdRouting } from './hold-routing.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { dayBefore, dayInWords } from './scope-words.js';
import { StateOffice } from './state-office.js';

/** Absence: somebody stands in for a coordinator, for some days. Locks go in one order: people, routing, assignments. */
@Injectable()
export class CoverService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly catalog: CatalogService,
    private readonly staff: StaffService,
    private readonly office: StateOffice,
    private readonly rules: CoverRules,
    private readonly queries: CoverQueries,
    private readonly news: CoordinatorNews,
  ) {}

  /**
   * Names a cover. For the coordinator, for an assignment of his own, and for the state desk when somebody cannot.
   * @returns the cover's id
   * @throws coordinators.not-found (404, also for anybody else), coordinators.not-yours (403: the one who would stand in),
   *   coordinators.wrong-cover, catalog.* (422), coordinators.covered-already, coordinators.unsigned (409)
   */
  async name(actor: Actor, form: CoverTerms): Promise<string> {
    return this.em.transactional(async () => {
      const today = this.today();
      const person = await this.office.personOf(actor);
      const seen = await this.seat(form.coordinatorId);
      await this.rules.holdPeople([form.staffMemberId, seen.staffMemberId].filter(isRowId));
      await holdRouting(this.em, routingOf(seen), 'change');
      await this.mustBeTheirs(actor, person, seen, 'coordinator.cover', form.staffMemberId);
      const seat = await this.seat(form.coordinatorId, true);
      checkedCoverDays(form, seat, today);
      if (form.application !== undefined) this.catalog.application(form.application);
      const siteCodes = checkedCoverScope(form, seat);
      if (siteCodes) await this.rules.mustHoldSites(siteCodes, seat);
      await this.rules.mustKnow(form.staffMemberId, seat, today);
      await this.rules.refuseClash(form, seat, siteCodes);
      const id = await this.write(form, siteCodes);
      await this.audit.record(actor, {
        action: 'coordinator.cover',
        target: `coordinator:${seat.id}`,
        after: { ...form, coverId: id, siteCodes },
      });
      await this.tellNamed(actor, form, seat);
      return id;
    });
  }

  /**
   * Ends a cover now. For whoever is away, whoever stands in, and the state desk.
   * @throws coordinators.not-found (404, also for anybody else), coordinators.already-ended, .unsigned (409)
   */
  async end(actor: Actor, coverId: string): Promise<void> {
    await this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const [cover] = await this.queries.covers('v.id::text = ?', [coverId], this.today());
      if (!cover) throw notThere();
      const seat = await this.seat(cover.coordinatorId);
      await holdRouting(this.em, routingOf(seat), 'change');
      if (person !== cover.standsIn.staffMemberId)
        await this.mustBeTheirs(actor, person, seat, 'coordinator.cover-end');
      const ended = await this.em.execute<unknown[]>(
        `update coordinator_cover set ended_at = ? where id = ? and ended_at is null returning id`,
        [this.clock.now(), coverId],
      );
      if (!ended.length)
        throw coordinatorsProblems.alreadyEnded('Somebody ended this cover before. Load the page again.');
      await this.audit.record(actor, {
        action: 'coordinator.cover-end',
        target: `coordinator:${seat.id}`,
        after: { coverId, ended: true },
      });
      const { absent, standsIn } = cover;
      const others = [absent.staffMemberId, standsIn.staffMemberId].filter((id) => id !== person);
      await this.news.tell(others, 'coordinators.cover-ended', { absent: absent.name, standsIn: standsIn.name });
      const cause = `${standsIn.name} no longer stands in for ${absent.name}.`;
      await this.changes.announce(actor, { cause, ...areaOf(seat.systemCode ?? null) });
    });
  }

  /**
   * People who may stand in for an assignment, by name or Staff ID; at most 20.
   * @throws coordinators.not-found (404, also for anybody else)
   */
  async candidates(actor: SignedIn, coordinatorId: string, text: string): Promise<StandIn[]> {
    const seat = await this.seat(coordinatorId);
    await this.mustBeTheirs(actor, await this.office.personOf(actor), seat, 'coordinator.cover');
    return this.queries.candidates(seat, text, this.today());
  }

  /** Covers a person has given and taken that are not over, soonest first. */
  async of(staffMemberId: string): Promise<{ given: CoverView[]; taken: CoverView[] }> {
    return {
      given: await this.queries.covers('c.staff_member_id = ?', [staffMemberId], this.today()),
      taken: await this.queries.covers('v.staff_member_id = ?', [staffMemberId], this.today()),
    };
  }

  /** An assignment that has not ended. @param hold until the transaction ends */
  private async seat(coordinatorId: string, hold = false): Promise<CoveredAssignment> {
    const seat = await this.rules.seat(coordinatorId, this.today(), hold);
    if (!seat) throw notThere();
    return seat;
  }

  /** The coordinator's own, or the state office, never by whoever would stand in (CO-3); for anybody else it is not there. */
  private async mustBeTheirs(
    actor: Actor,
    person: string | undefined,
    seat: CoveredAssignment,
    action: string,
    standsIn?: string,
  ): Promise<void> {
    if (person !== undefined && person === seat.staffMemberId) return;
    const target = `coordinator:${seat.id}`;
    if (person !== undefined && !(await this.office.isAtDesk(person))) throw notThere({ action, target });
    await this.office.mustAct(actor, person, { action, target, notBy: [standsIn] });
  }

  private async tellNamed(
    actor: Actor,
    { staffMemberId, fromDay, toDay }: CoverTerms,
    seat: CoveredAssignment,
  ): Promise<void> {
    const people = await this.staff.membersByIds([staffMemberId, seat.staffMemberId]);
    const name = (id: string): string => `${people.get(id)!.firstName} ${people.get(id)!.lastName}`;
    const facts = {
      absent: name(seat.staffMemberId),
      standsIn: name(staffMemberId),
      from: dayInWords(fromDay),
      last: dayInWords(dayBefore(toDay)),
    };
    await this.news.tell([staffMemberId, seat.staffMemberId], 'coordinators.cover-named', facts);
    const cause = `${facts.standsIn} stands in for ${facts.absent} from ${facts.from} until ${facts.last}.`;
    await this.changes.announce(actor, { cause, ...areaOf(seat.systemCode ?? null) });
  }

  private async write(form: CoverTerms, siteCodes: string[] | undefined): Promise<string> {
    const id = newId();
    const { coordinatorId, staffMemberId, application, fromDay, toDay } = form;
    await this.em.execute(
      `insert into coordinator_cover (id, coordinator_id, staff_member_id, every_site, application, from_day, to_day, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, coordinatorId, staffMemberId, !siteCodes, application ?? null, fromDay, toDay, this.clock.now()],
    );
    await this.em.execute(
      `insert into coordinator_cover_site (cover_id, site_code) select ?, value from json_array_elements_text(?::json)`,
      [id, JSON.stringify(siteCodes ?? [])],
    );
    return id;
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}

const routingOf = (seat: CoveredAssignment): string[] | 'everywhere' =>
  seat.systemCode === undefined ? 'everywhere' : [seat.systemCode];

const notThere = (refusal?: { action: string; target: string }): Error =>
  coordinatorsProblems.notFound(
    'There is no such assignment or cover, it is over, or it is not yours. Load the page again.',
    refusal && { refusal },
  );
