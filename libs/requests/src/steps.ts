import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { approvalWords, CoordinatorsService } from '#coordinators';
import { StaffService } from '#staff';
import type { Decision } from './decisions.js';
import { changeRoutes } from './followed-requests.js';
import type { Act } from './line-decisions.js';
import { LineStep } from './line-step.js';
import { Lookers } from './lookers.js';
import { RequestLine } from './permission-request.js';
import { requestsProblems } from './problems.js';
import { fullName } from './request-rules.js';
import type { StepView } from './request-views.js';
import { restartClocks } from './time-rows.js';
import { termsOf } from './wish-period.js';

/** The step that follows the one a line waits for; undefined at the last. */
const nextOf = ({ approval, step }: Pick<RequestLine, 'approval' | 'step'>) => approval[step];

/** Approval in more than one step: a yes that is not the last sends the line on to whoever has the next step. */
@Injectable()
export class LineSteps {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly coordinators: CoordinatorsService,
    private readonly staff: StaffService,
    private readonly lookers: Lookers,
  ) {}

  /**
   * Passes a step with a yes: the line goes on to those who have the next one, its clock starts anew, and whoever said yes has
   * no word in it any more. The caller holds the request and the decider's right: whatever changes who decides waits for the
   * request and finds the line at its next step, or is seen here.
   * @returns false, with nothing done, at the last step
   * @throws requests.already-decided (409)
   */
  async next(
    { actor, decider, request, version, at, accepts }: Act,
    line: RequestLine,
    { reason }: Decision,
  ): Promise<boolean> {
    const following = nextOf(line);
    if (!following) return false;
    const duty = following === 'coordinator' ? null : following;
    const excluded = [...new Set([...line.excluded, decider])];
    const moved = { step: line.step + 1, duty, excluded, settledVersion: version };
    const { application, level, code } = line;
    const [way] = await this.lookers.linesOf(request.staffMemberId, [{ application, level, code, duty, excluded }]);
    const kept = await this.em.nativeUpdate(RequestLine, { id: line.id, status: 'pending', step: line.step }, moved);
    if (!kept || !way)
      throw requestsProblems.alreadyDecided(
        'This step was approved before. Load the request again; nothing was saved.',
      );
    await this.em.insert(LineStep, {
      line: line.id,
      step: line.step,
      duty: line.duty ?? null,
      decidedBy: decider,
      decidedAt: at,
      reason: reason ?? null,
    });
    const routing = await this.coordinators.whoDecides(way);
    const { permission, toDay } = termsOf(line);
    const less = line.grantedPermission || line.grantedToDay;
    const cause = `${await this.nameOf(decider)} approved it as step ${line.step} of ${line.approval.length}.`;
    await changeRoutes(this.em, [{ lineId: line.id, routing }], at, cause);
    await restartClocks(this.em, [line.id], 'approved', at);
    await this.audit.record(actor, {
      action: 'request.approve-step',
      target: `request-line:${line.id}`,
      before: { step: line.step, duty: line.duty ?? 'coordinator' },
      after: {
        request: request.id,
        step: moved.step,
        duty: following,
        decidedBy: decider,
        deciders: routing.deciders.map(({ staffMemberId }) => staffMemberId),
        ...(less && { given: { permission, toDay }, consent: accepts?.offerId ?? 'beforehand' }),
      },
      reason,
    });
    line.step = moved.step;
    line.duty = duty;
    line.excluded = excluded;
    line.routing = routing;
    return true;
  }

  private async nameOf(staffMemberId: string): Promise<string> {
    return fullName((await this.staff.membersByIds([staffMemberId])).get(staffMemberId));
  }
}

/**
 * Refuses lines that went on to another step between the moment the decider's right was asked and the moment the request was
 * held: the right was for the step before.
 * @throws requests.changed (409)
 */
export function refuseOtherStep(asked: RequestLine[], held: RequestLine[]): void {
  const now = new Map(held.map(({ id, step }) => [id, step]));
  if (asked.some(({ id, step }) => now.get(id) !== step))
    throw requestsProblems.changed(
      'While you had it open, somebody else approved this step, and it went on to the next one. Nothing of this page was saved; load the request again.',
    );
}

/** The steps passed of lines, by line. */
export async function passedSteps(em: EntityManager, lineIds: string[]): Promise<Map<string, LineStep[]>> {
  const rows = await em.find(
    LineStep,
    { line: { $in: lineIds } },
    { disableIdentityMap: true, orderBy: { step: 'asc' } },
  );
  const found = new Map<string, LineStep[]>();
  for (const row of rows) found.set(row.line.id, [...(found.get(row.line.id) ?? []), row]);
  return found;
}

/** The steps of a line as people read them; undefined where there is one only. */
export function stepViews(
  line: RequestLine,
  passed: LineStep[],
  nameOf: (staffMemberId: string) => string,
): StepView[] | undefined {
  if (line.approval.length < 2) return undefined;
  return line.approval.map((one, at): StepView => {
    const step = at + 1;
    const by = approvalWords[one].one;
    const before = passed.find((each) => each.step === step);
    const last = line.step === step && (line.status === 'approved' || line.status === 'rejected');
    const deed = before ?? (last ? line : undefined);
    if (!deed) return { step, by, state: line.step === step && line.status === 'pending' ? 'waits' : 'later' };
    return {
      step,
      by,
      state: last && line.status === 'rejected' ? 'rejected' : 'approved',
      ...(deed.decidedBy && { decidedBy: nameOf(deed.decidedBy) }),
      ...(deed.decidedAt && { decidedAt: deed.decidedAt }),
      ...(deed.reason && { reason: deed.reason }),
    };
  });
}
