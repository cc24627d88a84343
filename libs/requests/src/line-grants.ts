import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { GrantsService, type Holding, HoldingRules } from '#grants';
import { localDay, Problem, readableDate, startOfDay } from '#kernel';
import type { Act } from './line-decisions.js';
import { wantedOf } from './line-terms-reading.js';
import type { Less } from './narrowing.js';
import type { PermissionRequest, RequestLine } from './permission-request.js';
import { requestsProblems } from './problems.js';
import { termsOf } from './wish-period.js';

/** Turns an approved line into access: gives it, in place of another role where one is held, or lets it go on. */
@Injectable()
export class LineGrants {
  constructor(
    private readonly catalog: CatalogService,
    private readonly grants: GrantsService,
    private readonly rules: HoldingRules,
  ) {}

  /**
   * Gives what a line is to give, in the transaction of the call.
   * @param seen grants of which the decider knew that they end with it
   * @param systemCode the system that answers for the place today
   * @returns the grant, and the names of the roles that ended for it
   * @throws requests.changed: more would end than was seen; requests.not-grantable, grants.* (409)
   */
  async give(
    act: Act,
    line: RequestLine,
    seen: string[],
    systemCode: string,
  ): Promise<{ grantId: string; ended: string[] }> {
    const { request, at } = act;
    const { staffMemberId, accountId } = request;
    const { permission, toDay } = termsOf(line);
    if (toDay && toDay <= localDay(at))
      throw requestsProblems.notGrantable(
        `The time it was asked for is over: it was to end after ${readableDate(lastMoment(toDay))}. It cannot be approved; reject it with that as the reason.`,
      );
    // In whose name it is given; the requester, who accepts an offer, gives himself nothing.
    const giver = act.accepts?.decider ?? act.actor;
    await this.grants.holdPerson(staffMemberId);
    if (line.extendsGrantId) return { grantId: await this.prolong(giver, line.extendsGrantId, toDay!), ended: [] };

    const wanted = { ...wantedOf(line), permission, systemCode };
    const ending = this.rules.givingWay(await this.grants.holdings(staffMemberId), wanted);
    if (ending.length) await this.end(giver, ending, seen, wanted.fromAt && wanted.fromAt > at);
    const grantId = await this.grants.give(giver, { ...wanted, accountId, staffMemberId, requestLineId: line.id });
    return { grantId, ended: [...new Set(ending.map((one) => this.roleOf(one)))] };
  }

  /**
   * A shorter time that access is to go on still has to be longer than it has now.
   * @throws requests.not-less (422)
   */
  async mustProlong({ staffMemberId }: PermissionRequest, line: RequestLine, { toDay }: Less): Promise<void> {
    if (!line.extendsGrantId || !toDay) return;
    const held = (await this.grants.holdings(staffMemberId)).filter(({ grantId }) => grantId === line.extendsGrantId);
    if (held.every(({ toAt }) => toAt && toAt < startOfDay(toDay))) return;
    throw requestsProblems.notLess('It holds until then already. Choose a later last day, or reject the line.');
  }

  private async end(giver: Act['actor'], ending: Holding[], seen: string[], later?: boolean): Promise<void> {
    const names = [...new Set(ending.map((one) => `"${this.roleOf(one)}"`))].join(' and ');
    if (ending.some(({ grantId }) => !seen.includes(grantId)))
      throw requestsProblems.changed(
        `Approving this ends the role ${names} at the same place, which your page did not show. Nothing was saved; open the request again and decide with that in view.`,
      );
    if (later)
      throw requestsProblems.notGrantable(
        `The role ${names} is held at this place meanwhile, and a change of role begins when it is approved, not later. Reject it, or wait until the first day it was asked for.`,
      );
    const grantIds = ending.map(({ grantId }) => grantId);
    await this.grants.endFor(giver, { grantIds }, 'duty-changed', 'Another role at this place was approved.');
  }

  private async prolong(giver: Act['actor'], grantId: string, toDay: string): Promise<string> {
    try {
      await this.grants.extend(giver, grantId, startOfDay(toDay), 'extended');
      return grantId;
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.code === 'grants.conflict') throw fault;
      throw requestsProblems.notGrantable(
        `The access that was to be kept longer is not what it was: ${fault.title.toLowerCase()}. It cannot be approved; reject it with that as the reason.`,
        { cause: fault },
      );
    }
  }

  private roleOf({ application, role }: Holding): string {
    return this.catalog.names(application, role).role;
  }
}

const lastMoment = (toDay: string): Date => new Date(startOfDay(toDay).getTime() - 1);
