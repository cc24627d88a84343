import { Injectable } from '@nestjs/common';
import { CoordinatorsService } from '#coordinators';
import type { SignedIn } from '#kernel';
import { type StaffPerson, StaffService } from '#staff';
import { oversightProblems } from './problems.js';

/** Lets the state desk read what is not for everybody. Acts ask more, in their transaction. */
@Injectable()
export class DeskOnly {
  constructor(
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
  ) {}

  /** The person an account is linked to, and whether this person is at the state desk. */
  async look(actor: SignedIn): Promise<{ person?: StaffPerson; desk: boolean }> {
    const person = await this.staff.memberOf(actor.accountId);
    return { person, desk: !!person && (await this.coordinators.isStateDesk(person.id)) };
  }

  /** @throws oversight.not-yours (403), kept in the audit log as `action` */
  async must(actor: SignedIn, action: string): Promise<void> {
    if ((await this.look(actor)).desk) return;
    throw oversightProblems.notYours(
      'This is for people at the state desk. If you need to know something from here, write to the state office.',
      { refusal: { action } },
    );
  }
}
