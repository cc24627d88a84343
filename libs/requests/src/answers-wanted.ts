import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { StaffService } from '#staff';
import type { PermissionRequest } from './permission-request.js';
import { waitsForAnswer } from './question-rows.js';

/** What waits for a requester instead of for whoever decides: questions, and offers of less. */
@Injectable()
export class AnswersWanted {
  constructor(
    private readonly em: EntityManager,
    private readonly staff: StaffService,
  ) {}

  /** The requests of the person an account is linked to in which an answer is wanted, oldest first. */
  async of(accountId: string): Promise<Pick<PermissionRequest, 'id' | 'reference'>[]> {
    const person = await this.staff.memberOf(accountId);
    if (!person) return [];
    return this.em.execute(
      `select r.id, r.reference from permission_request r where r.staff_member_id = ? and exists (
         select 1 from request_line l where l.request_id = r.id and l.status = 'pending' and ${waitsForAnswer('l')})
       order by r.submitted_at, r.reference`,
      [person.id],
    );
  }
}
