import { Injectable } from '@nestjs/common';
import { GrantsService, grantsProblems, type Holding, HoldingRules } from '#grants';
import { Clock, localDay, startOfDay } from '#kernel';
import { goingOn } from './line-terms-reading.js';
import { requestsProblems } from './problems.js';
import type { RoutedWish } from './request-intake.js';
import { badPeriod, instantsOf } from './wish-period.js';

/** What a person's holdings say to what the person wishes: held already, to be kept longer, not to be held together. */
@Injectable()
export class WishRules {
  constructor(
    private readonly clock: Clock,
    private readonly grants: GrantsService,
    private readonly held: HoldingRules,
  ) {}

  /**
   * Refuses what could not be given anyway. The caller holds the requester.
   * @throws grants.already-held, .other-role, .conflict, requests.not-extendable (409); grants.not-found (404: not one's own grant);
   *   requests.bad-period (422)
   */
  async refuseUngivable(staffMemberId: string, wishes: RoutedWish[]): Promise<void> {
    const holdings = await this.grants.holdings(staffMemberId);
    for (const routed of wishes)
      if (routed.wish.extends) this.refuseLonger(holdings, routed);
      else this.refuseWish(holdings, routed);
    const wanted = wishes.flatMap(({ wish: { permissions, ...wish }, systemCode }) =>
      permissions.map((permission) => ({
        ...wish,
        ...instantsOf(wish),
        ...goingOn(wish.extends, holdings),
        permission,
        systemCode,
      })),
    );
    this.held.refuseConflict(holdings, wanted);
  }

  private refuseWish(holdings: Holding[], { wish, systemCode, ends }: RoutedWish): void {
    const { fromDay, permissions } = wish;
    for (const permission of permissions)
      this.held.refuseHeld(holdings, { ...wish, ...instantsOf(wish), permission, systemCode });
    if (ends.length && fromDay && fromDay > localDay(this.clock.now()))
      throw badPeriod(
        'fromDay',
        `At this place you have another role, "${ends[0]!.role.name}". It ends when the new one is approved, so the new one begins then. Leave the first day empty, or ask when the day has come.`,
      );
  }

  private refuseLonger(holdings: Holding[], { wish }: RoutedWish): void {
    const { extends: grantId, toDay, application, role, permissions, location } = wish;
    const grant = holdings.find((one) => one.grantId === grantId);
    const same =
      grant &&
      grant.application === application &&
      grant.role === role &&
      grant.permission === permissions[0] &&
      grant.location.level === location.level &&
      grant.location.code === location.code;
    if (!same)
      throw grantsProblems.notFound('This is no access of yours that could be kept longer. Load "My access" again.', {
        refusal: { action: 'request.extend', target: `grant:${String(grantId).slice(0, 60)}` },
      });
    if (grant.state !== 'active' || grant.fromAt > this.clock.now() || !grant.toAt)
      throw requestsProblems.notExtendable(
        grant.toAt
          ? 'This access rests or has not begun, so it cannot be asked for longer now.'
          : 'This access has no end, so there is nothing to ask for.',
      );
    const toAt = startOfDay(toDay!);
    if (toAt <= grant.toAt) throw badPeriod('toDay', 'You have it until then already. Choose a later last day.');
    this.held.refuseClash(holdings, { ...grant, fromAt: grant.toAt, toAt });
  }
}
