import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, newId } from '#kernel';
import { designationSteps, type DesignationVerb } from './designation-view.js';

/** Keeps each step of a designation, for its history and for the audit log. */
@Injectable()
export class DesignationRecord {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /**
   * @param form the designation and the person it is about
   * @param by the staff member who took the step
   */
  async keep(
    actor: Actor,
    form: { id: string; staffMemberId: string },
    verb: DesignationVerb | 'propose',
    by: string,
    note?: string,
  ): Promise<void> {
    const step = verb === 'propose' ? 'proposed' : designationSteps[verb].to;
    await this.em.execute(
      `insert into designation_step (id, designation_id, step, by_staff_member_id, at, note) values (?, ?, ?, ?, ?, ?)`,
      [newId(), form.id, step, by, this.clock.now(), note ?? null],
    );
    await this.audit.record(actor, {
      action: `designation.${verb}`,
      target: `designation:${form.id}`,
      after: { staffMemberId: form.staffMemberId, status: step },
      reason: note,
    });
  }
}
