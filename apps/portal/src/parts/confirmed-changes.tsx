import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { Problem, type SignedIn } from '#kernel';
import { ChangePlans, type Plan, type PlannedChange, WorldChanged } from '#oversight';
import { mustTellOnPage, type PageRequest, Pages } from '#web';
import { type ChangeToConfirm, ConfirmChangePage } from './confirm-change.page.js';

/** A change on its way through a form. */
export interface ChangeOnItsWay {
  actor: SignedIn;
  change: PlannedChange;
  /** Absent: only look. */
  planHash?: string;
  confirm: ChangeToConfirm;
  /** Where to go once it is saved. */
  done: string;
  /** Draws the form again with what stood against it. */
  again: (problem: Problem) => Promise<string>;
}

/** Every change of who decides is seen before it is saved: first the plan, then exactly that plan. */
@Injectable()
export class ConfirmedChanges {
  constructor(
    private readonly plans: ChangePlans,
    private readonly pages: Pages,
  ) {}

  /** Shows the plan; with the hash of a plan that still holds, saves it. */
  async handle(request: PageRequest, response: Response, way: ChangeOnItsWay): Promise<void> {
    const { actor, change, planHash } = way;
    const show = async (status: number, plan: Plan, problem?: Problem): Promise<void> => {
      const html = plan.refusal
        ? await way.again(refusalOf(plan.refusal))
        : await this.pages.draw(request, (frame) => (
            <ConfirmChangePage frame={frame} plan={plan} problem={problem} {...way.confirm} />
          ));
      response
        .status(plan.refusal ? 409 : status)
        .type('html')
        .send(html);
    };
    try {
      if (planHash === undefined) return await show(200, await this.plans.simulate(actor, change));
      await this.plans.commit(actor, change, planHash);
    } catch (problem) {
      if (problem instanceof WorldChanged) return show(409, problem.plan, problem);
      mustTellOnPage(request, problem, [403, 409, 422]);
      response
        .status(problem.status)
        .type('html')
        .send(await way.again(problem));
      return;
    }
    response.redirect(303, way.done);
  }
}

const refusalOf = ({ code, title, detail }: NonNullable<Plan['refusal']>): Problem =>
  new Problem(code, 409, title, detail);
