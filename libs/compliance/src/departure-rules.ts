import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CoordinatorsService, StateOffice, unsigned } from '#coordinators';
import { type Actor, isPlainText } from '#kernel';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import { complianceProblems } from './problems.js';

/** Who may end what, and the rows that stay still meanwhile. */
@Injectable()
export class DepartureRules {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
    private readonly office: StateOffice,
  ) {}

  /**
   * Holds the person who leaves and whoever acts, accounts first and in one order: two people may be ending each other. From
   * here on the person asks for nothing, is given nothing and is named for nothing.
   * @returns whether there is such a person
   */
  async hold(actor: Actor, staffMemberId: string): Promise<boolean> {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(staffMemberId)) return false;
    await this.em.execute(
      `select a.id from account a join staff_link k on k.account_id = a.id and k.ended_at is null
       where a.id = ? or k.staff_member_id = ? order by a.id for no key update of a, k`,
      [actor.accountId ?? null, staffMemberId],
    );
    const rows = await this.em.execute<unknown[]>(`select id from staff_member where id = ? for update`, [
      staffMemberId,
    ]);
    return rows.length > 0;
  }

  /**
   * Where the actor may end a person's employment: everywhere for an operator and the state desk, at the sites of an own
   * school system for its coordinators for everything; nobody his own.
   * @param person the actor's, from `StateOffice.personOf`
   * @returns site codes, or 'everywhere'
   * @throws compliance.not-yours (403), compliance.not-found (404), coordinators.unsigned (409)
   */
  async reach(actor: Actor, person: string | undefined, staffMemberId: string): Promise<string[] | 'everywhere'> {
    if (actor.accountId === undefined && actor.client === 'jobs') return 'everywhere';
    const refusal = { action: 'person.end', target: `staff-member:${staffMemberId}` };
    if (person === staffMemberId)
      throw complianceProblems.notYours('Somebody else has to end your employment here. Write to the state office.', {
        refusal,
      });
    if (person && (await this.office.isAtDesk(person))) {
      if (!(await this.coordinators.hasSigned(person))) throw unsigned();
      return 'everywhere';
    }
    const codes = person ? await this.ownSites(person, staffMemberId) : [];
    if (!codes.length) throw absentPerson(refusal);
    return codes;
  }

  /** Sites at which a person works today and for whose system another coordinates everything. */
  async ownSites(coordinator: string, staffMemberId: string): Promise<string[]> {
    const codes = [...new Set((await this.staff.employmentsOf(staffMemberId)).map(({ siteCode }) => siteCode))];
    const places = await this.sites.placeMany(codes.map((code) => ({ level: 'site', code })));
    const own: string[] = [];
    for (const code of codes) {
      const system = places.get(`site:${code}`)?.system.code;
      if (system === undefined) continue;
      const location = { level: 'system' as const, code: system };
      // No application has the name '': assignments limited to one do not hold the line.
      const line = { application: '', location, systemCode: system, requesterId: staffMemberId };
      if (await this.coordinators.mayDecide(coordinator, line)) own.push(code);
    }
    return own;
  }
}

/** @throws compliance.bad-reason (422) unless 1 to 2,000 characters of plain text */
export function checkedLeaveReason(reason: string): string {
  if (reason.trim() && reason.length <= 2000 && isPlainText(reason)) return reason.trim();
  const message = 'Say why in 1 to 2,000 characters of plain text.';
  throw complianceProblems.badReason(message, { errors: [{ field: 'reason', message }] });
}

/** The one answer for a person who is not there and one who is none of the reader's business. */
export const absentPerson = (refusal: { action: string; target: string }): Error =>
  complianceProblems.notFound('There is no such person among those you look after. Search in your list.', { refusal });
