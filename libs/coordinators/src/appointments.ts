import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Actor, Clock, localDay, newId } from '#kernel';
import { SitesService } from '#sites';
import { Appointer } from './appointer.js';
import { checkedDays, type Designation, scopeOf } from './designation.js';
import { holdRouting } from './hold-routing.js';
import { type CoordinatorDeparture, Leaving } from './leaving.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { StateOffice } from './state-office.js';

/**
 * How coordinators begin and leave. A coordinator can only leave; everything else is the state office's (CO-3). Locks go in
 * one order: people, routing, assignments, places.
 */
@Injectable()
export class Appointments {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly sites: SitesService,
    private readonly catalog: CatalogService,
    private readonly office: StateOffice,
    private readonly appointer: Appointer,
    private readonly leaving: Leaving,
  ) {}

  /**
   * Makes a person a coordinator at once. For an operator or the state desk; nobody designates himself (CO-3). Heads of school
   * systems take the way of `DesignationService`.
   * @returns the assignment's id
   * @throws coordinators.not-yours (403), coordinators.wrong-scope, sites.*, catalog.* (422), coordinators.not-found (404),
   *   coordinators.already, coordinators.unsigned (409)
   */
  async designate(actor: Actor, designation: Designation): Promise<string> {
    const today = localDay(this.clock.now());
    const { staffMemberId, reach, application, fromDay = today, toDay } = designation;
    checkedDays(fromDay, toDay, today);
    return this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const known = isRowId(staffMemberId) && (await this.appointer.hold(staffMemberId));
      const scope = await scopeOf({ sites: this.sites, catalog: this.catalog }, designation);
      await holdRouting(this.em, scope.systemCode === null ? 'everywhere' : [scope.systemCode], 'change');
      const target = `staff-member:${staffMemberId}`;
      await this.office.mustAct(actor, person, { action: 'coordinator.designate', target, notBy: [staffMemberId] });
      if (!known)
        throw coordinatorsProblems.notFound(
          'There is no such staff member. Search for the person by name or Staff ID.',
        );
      const id = newId();
      await this.appointer.appoint(actor, { id, staffMemberId, reach, ...scope, application, fromDay, toDay });
      return id;
    });
  }

  /**
   * A coordinator lays down an own assignment, now or on a day. Once this has answered, nothing that starts later is decided
   * by it (AC-6). The last one of a system stays until a successor is there or the state takes over (CO-6).
   * @throws coordinators.not-found (404) when it is not the actor's own; coordinators.wrong-scope (422) for the reason or the
   *   day; coordinators.already-ended, coordinators.last-one (409)
   */
  async standDown(
    actor: Actor,
    coordinatorId: string,
    departure: Omit<CoordinatorDeparture, 'takeOver'>,
  ): Promise<void> {
    await this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const held = await this.leaving.hold(coordinatorId, person);
      if (!held || held.staffMemberId !== person)
        throw coordinatorsProblems.notFound('You have no such duties as a coordinator. Load your list again.', {
          refusal: { action: 'coordinator.stand-down', target: `coordinator:${coordinatorId}` },
        });
      await this.leaving.leave(actor, held, { day: departure.day, reason: departure.reason }, person);
    });
  }

  /**
   * The state office ends an assignment, now or on a day; nobody his own. Once this has answered, nothing that starts later
   * is decided by it (AC-6).
   * @param departure with `takeOver` the state office stands in where nobody else is left (CO-6)
   * @throws coordinators.not-yours (403), coordinators.not-found (404), coordinators.wrong-scope (422),
   *   coordinators.already-ended, coordinators.last-one, coordinators.unsigned (409)
   */
  async end(actor: Actor, coordinatorId: string, departure: CoordinatorDeparture): Promise<void> {
    await this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const held = await this.leaving.hold(coordinatorId, person);
      const target = held && `staff-member:${held.staffMemberId}`;
      await this.office.mustAct(actor, person, { action: 'coordinator.end', target, notBy: [held?.staffMemberId] });
      if (!held) throw coordinatorsProblems.notFound('There is no such coordinator. Load the list again.');
      await this.leaving.leave(actor, held, departure, person);
    });
  }
}
