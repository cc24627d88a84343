import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { type Actor, Clock, newId } from '#kernel';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import { assignmentsOf } from './assignments.js';
import { checkedDays, checkedReason, type Designation, scopeOf } from './designation.js';
import { coordinatorsProblems } from './problems.js';
import { CoordinatorReading } from './reading.js';
import { isStateDesk } from './routing.js';

@Injectable()
export class CoordinatorsService extends CoordinatorReading {
  constructor(
    em: EntityManager,
    clock: Clock,
    sites: SitesService,
    catalog: CatalogService,
    private readonly audit: AuditService,
    private readonly staff: StaffService,
  ) {
    super(em, clock, sites, catalog);
  }

  /**
   * Makes a person a coordinator. For an operator or the state desk; nobody designates himself (CO-3).
   * @returns the assignment's id
   * @throws coordinators.not-yours (403), coordinators.wrong-scope, sites.*, catalog.* (422), coordinators.already (409)
   */
  async designate(actor: Actor, designation: Designation): Promise<string> {
    return this.em.transactional(async () => {
      const { staffMemberId, reach, application, fromDay = this.today(), toDay } = designation;
      await this.mustBeStateOffice(actor, 'coordinator.designate', staffMemberId);
      checkedDays(fromDay, toDay);
      if (application !== undefined) this.catalog.application(application);
      const scope = await scopeOf(this.sites, designation);
      const [person] = await this.em.execute(`select id from staff_member where id = ? for update`, [staffMemberId]);
      if (!person)
        throw coordinatorsProblems.notFound(
          'There is no such staff member. Search for the person by name or Staff ID.',
        );
      await this.refuseDouble(designation, scope.systemCode, scope.siteCodes);

      const id = newId();
      await this.em.execute(
        `insert into coordinator (id, staff_member_id, reach, system_code, application, from_day, to_day, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
        [id, staffMemberId, reach, scope.systemCode, application ?? null, fromDay, toDay ?? null, this.clock.now()],
      );
      await this.em.execute(
        `insert into coordinator_site (coordinator_id, site_code) select ?, value from json_array_elements_text(?::json)`,
        [id, JSON.stringify(scope.siteCodes)],
      );
      await this.audit.record(actor, {
        action: 'coordinator.designate',
        target: `coordinator:${id}`,
        after: { staffMemberId, reach, ...scope, application, fromDay, toDay },
      });
      return id;
    });
  }

  /**
   * Ends an assignment now. Once this has answered, nothing that starts later is decided by it (AC-6).
   * @throws coordinators.not-yours (403), coordinators.not-found (404), coordinators.already-ended (409)
   */
  async end(actor: Actor, id: string, reason: string): Promise<void> {
    checkedReason(reason);
    await this.em.transactional(async () => {
      const row = await this.holdAssignment(actor, id);
      await this.mustBeStateOffice(actor, 'coordinator.end', row?.staff_member_id);
      if (!row) throw coordinatorsProblems.notFound('There is no such coordinator. Load the list again.');
      const ended = await this.em.execute<{ id: string }[]>(
        `update coordinator set ended_at = ?, ended_reason = ? where id = ? and ended_at is null returning id`,
        [this.clock.now(), reason, id],
      );
      if (!ended.length)
        throw coordinatorsProblems.alreadyEnded('This assignment was ended before. Load the list again.');
      await this.audit.record(actor, {
        action: 'coordinator.end',
        target: `coordinator:${id}`,
        after: { ended: true },
        reason,
      });
    });
  }

  /** Holds the assignment and the actor's own, in one order: two people of the state desk may be ending each other. */
  private async holdAssignment(actor: Actor, id: string): Promise<{ staff_member_id: string } | undefined> {
    const held = await this.em.execute<{ id: string; staff_member_id: string }[]>(
      `select id, staff_member_id from coordinator where id::text = ?
         or staff_member_id = (select staff_member_id from staff_link where account_id = ? and ended_at is null) order by id for update`,
      [id, actor.accountId ?? null],
    );
    return held.find((one) => one.id === id);
  }

  /** Operators name the first people of the state desk; from then on the desk does. Coordinators never do, nor anyone himself. */
  private async mustBeStateOffice(actor: Actor, action: string, subject: string | undefined): Promise<void> {
    if (actor.accountId === undefined && actor.client === 'jobs') return;
    const person = actor.accountId === undefined ? undefined : await this.staff.memberOf(actor.accountId);
    const held = person ? await assignmentsOf(this.em, person.id, this.today(), true) : [];
    if (person && person.id !== subject && held.some(isStateDesk)) return;
    throw coordinatorsProblems.notYours(
      'Coordinators are named and ended by the state office, by somebody other than the person concerned. Write to the state desk.',
      {
        refusal: { action, target: subject && `staff-member:${subject}` },
      },
    );
  }

  private async refuseDouble(
    { staffMemberId, reach, application }: Designation,
    systemCode: string | null,
    siteCodes: string[],
  ): Promise<void> {
    const same = (await this.scopesOf(staffMemberId)).some(
      (one) =>
        one.reach === reach &&
        one.application === application &&
        (one.systemCode ?? null) === systemCode &&
        one.siteCodes.join() === siteCodes.join(),
    );
    if (same)
      throw coordinatorsProblems.already(
        'This person is a coordinator with exactly this scope already. Nothing was changed.',
      );
  }
}
