import { Injectable } from '@nestjs/common';
import type { SignedIn } from '#kernel';
import type { Plan, PlannedChange } from './planned-change.js';

/** Tries changes before they are made, and makes exactly what was tried. */
@Injectable()
export class ChangePlans {
  /**
   * What a change would do now. Nothing is kept of it. What the verb refuses with 409 or 422 is told in `refusal`.
   * @throws whatever the verb throws for people whose business it is not (403, 404); oversight.not-yours (403) for a change
   *   of places by somebody who is not at the state desk
   */
  async simulate(actor: SignedIn, change: PlannedChange): Promise<Plan> {
    throw new Error(`${actor.accountId} ${change.kind}`);
  }

  /**
   * Makes the change when it still does exactly what `planHash` stands for.
   * @param planHash `hash` of the plan the person confirmed
   * @throws WorldChanged (oversight.world-changed, 409) with the plan of now; whatever the verb throws
   */
  async commit(actor: SignedIn, change: PlannedChange, planHash: string): Promise<Plan> {
    throw new Error(`${actor.accountId} ${change.kind} ${planHash}`);
  }
}
