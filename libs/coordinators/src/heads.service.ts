import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, isPersonName, localDay, newId, tidy } from '#kernel';
import { SitesService } from '#sites';
import { CoordinatorNews } from './coordinator-news.js';
import { checkedReason } from './designation.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { StateOffice } from './state-office.js';

/** Who heads a school system. */
export interface SystemHead {
  id: string;
  systemCode: string;
  staffMemberId: string;
  name: string;
  title: string;
  /** 'YYYY-MM-DD' */
  since: string;
}

const columns = `h.id, h.system_code as "systemCode", h.staff_member_id as "staffMemberId",
  m.first_name || ' ' || m.last_name as name, h.title, h.from_day::text as since`;

/** Heads of school systems: superintendents and whoever leads a charter, a diocese, a provider. */
@Injectable()
export class HeadsService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly sites: SitesService,
    private readonly office: StateOffice,
    private readonly news: CoordinatorNews,
  ) {}

  /**
   * Puts a person on record as the head of a system, from today, in the place of whoever was before. For an operator or the
   * state desk; nobody names himself.
   * @param head `title` in 1 to 100 letters, such as Superintendent
   * @returns the record's id
   * @throws coordinators.not-yours (403), coordinators.not-found (404), sites.*, coordinators.wrong-scope (422),
   *   coordinators.already, coordinators.unsigned (409)
   */
  async name(actor: Actor, head: { staffMemberId: string; systemCode: string; title: string }): Promise<string> {
    const { staffMemberId, systemCode } = head;
    const title = tidy(head.title);
    if (!isPersonName(title)) throw coordinatorsProblems.wrongScope('Give the title, such as Superintendent.');
    return this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const target = `staff-member:${staffMemberId}`;
      await this.office.mustAct(actor, person, { action: 'head.name', target, notBy: [staffMemberId] });
      const system = await this.sites.placeOpen({ level: 'system', code: systemCode });
      await this.em.execute(`select code from school_system where code = ? for update`, [system.code]);
      const former = await this.headOf(system.code);
      if (former?.staffMemberId === staffMemberId && former.title === title)
        throw coordinatorsProblems.already(`${former.name} is on record as this head already. Nothing was changed.`);
      await this.em.execute(`update system_head set ended_at = ? where system_code = ? and ended_at is null`, [
        this.clock.now(),
        system.code,
      ]);
      const id = newId();
      const made = await this.em.execute<unknown[]>(
        `insert into system_head (id, system_code, staff_member_id, title, from_day, created_at)
         select ?, ?, m.id, ?, ?, ? from staff_member m where m.id::text = ? returning id`,
        [id, system.code, title, localDay(this.clock.now()), this.clock.now(), staffMemberId],
      );
      if (!made.length)
        throw coordinatorsProblems.notFound('There is no such staff member. Search for the person by Staff ID.');
      await this.audit.record(actor, {
        action: 'head.name',
        target: `system:${system.code}`,
        before: { staffMemberId: former?.staffMemberId },
        after: { staffMemberId, title },
      });
      await this.news.tell([staffMemberId], 'coordinators.head-named', { title, system: system.name });
      return id;
    });
  }

  /**
   * Takes the head of a system off the record. For an operator or the state desk; nobody himself.
   * @throws coordinators.not-yours (403), coordinators.not-found (404), coordinators.already-ended (409)
   */
  async end(actor: Actor, headId: string, reason: string): Promise<void> {
    const why = checkedReason(reason);
    await this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const [head] = isRowId(headId)
        ? await this.em.execute<{ system_code: string; staff_member_id: string }[]>(
            `select system_code, staff_member_id from system_head where id = ?`,
            [headId],
          )
        : [];
      const target = head && `system:${head.system_code}`;
      await this.office.mustAct(actor, person, { action: 'head.end', target, notBy: [head?.staff_member_id] });
      if (!head) throw coordinatorsProblems.notFound('There is no such head on record. Load the list again.');
      const ended = await this.em.execute<unknown[]>(
        `update system_head set ended_at = ? where id = ? and ended_at is null returning id`,
        [this.clock.now(), headId],
      );
      if (!ended.length)
        throw coordinatorsProblems.alreadyEnded('This person is no longer the head. Load the list again.');
      await this.audit.record(actor, {
        action: 'head.end',
        target: `system:${head.system_code}`,
        before: { staffMemberId: head.staff_member_id },
        reason: why,
      });
    });
  }

  /** Who heads a system now. */
  async headOf(systemCode: string): Promise<SystemHead | undefined> {
    return (await this.headsOf([systemCode])).get(systemCode);
  }

  /** Who heads systems now, by their codes; systems without a head on record are left out. */
  async headsOf(systemCodes: string[]): Promise<Map<string, SystemHead>> {
    const rows = await this.em.execute<SystemHead[]>(
      `select ${columns} from system_head h join staff_member m on m.id = h.staff_member_id
       where h.ended_at is null and h.system_code in (select value from json_array_elements_text(?::json))`,
      [JSON.stringify(systemCodes)],
    );
    return new Map(rows.map((row) => [row.systemCode, row]));
  }

  /**
   * What a person heads now.
   * @param hold it stays so until the transaction ends; not where somebody only looks: a verb after it holds other things first
   */
  async systemsHeadedBy(staffMemberId: string, hold = this.em.isInTransaction()): Promise<SystemHead[]> {
    return this.em.execute<SystemHead[]>(
      `select ${columns} from system_head h join staff_member m on m.id = h.staff_member_id
       where h.ended_at is null and h.staff_member_id = ? order by h.system_code ${hold ? 'for share of h' : ''}`,
      [staffMemberId],
    );
  }
}
