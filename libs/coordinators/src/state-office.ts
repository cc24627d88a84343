import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type Actor, Clock, localDay } from '#kernel';
import { assignmentInForce } from './assignments.js';
import { CoordinatorsService } from './coordinators.service.js';
import { coordinatorsProblems } from './problems.js';

/** Whom a verb is about, for the refusal and for "never oneself". */
interface About {
  action: string;
  target?: string;
  /** Staff members this act concerns: none of them may do it. */
  notBy: (string | undefined)[];
}

/** Who acts for the state office. Rows that say so are held still until the transaction ends. */
@Injectable()
export class StateOffice {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly coordinators: CoordinatorsService,
  ) {}

  /**
   * The person behind an account that is open and linked, held for reading: nobody loses an account while acting with it.
   * Taken before everything else (people first).
   * @returns the staff member; undefined for an operator, and for an account that is nobody
   */
  async personOf(actor: Actor): Promise<string | undefined> {
    if (actor.accountId === undefined) return undefined;
    const [row] = await this.em.execute<{ staff_member_id: string }[]>(
      `select k.staff_member_id from account a join staff_link k on k.account_id = a.id and k.ended_at is null
       where a.id = ? and a.status = 'active' for share of a, k`,
      [actor.accountId],
    );
    return row?.staff_member_id;
  }

  /**
   * An operator, or somebody at the state desk who is not concerned. Coordinators never are (CO-3).
   * @param person from `personOf`
   * @throws coordinators.not-yours (403), coordinators.unsigned (409)
   */
  async mustAct(actor: Actor, person: string | undefined, { action, target, notBy }: About): Promise<void> {
    if (actor.accountId === undefined && actor.client === 'jobs') return;
    if (!person || !(await this.isAtDesk(person)) || notBy.includes(person))
      throw coordinatorsProblems.notYours(
        'This is done by the state office, by somebody other than the person concerned. Write to the state office.',
        { refusal: { action, target } },
      );
    if (!(await this.coordinators.hasSigned(person))) throw unsigned();
  }

  /**
   * Whether a person is at the state desk today, for every application.
   * @param hold the assignments for reading; not where somebody only looks: a verb after it holds other things first
   */
  async isAtDesk(staffMemberId: string, hold = this.em.isInTransaction()): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>(
      `select c.id from coordinator c where c.staff_member_id = ? and c.reach = 'state' and c.application is null
         and ${assignmentInForce('c', '?')} order by c.id ${hold ? 'for share' : ''}`,
      [staffMemberId, this.today(), this.today()],
    );
    return rows.length > 0;
  }

  /** Everybody at the state desk today. */
  async desk(): Promise<string[]> {
    const rows = await this.em.execute<{ id: string }[]>(
      `select distinct c.staff_member_id as id from coordinator c where c.reach = 'state' and c.application is null
         and ${assignmentInForce('c', '?')}`,
      [this.today(), this.today()],
    );
    return rows.map(({ id }) => id);
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}

/** The one answer to a coordinator whose statement is not in force. */
export const unsigned = (): Error =>
  coordinatorsProblems.unsigned(
    'You have not signed the confidentiality statement of security coordinators, or a year has passed since. Sign it under "Statement" in the menu; then do this again.',
  );
