import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { readableDate } from '#kernel';
import {
  dutyMeetings,
  type DutyMeeting,
  givesWay,
  type Holding,
  isSame,
  type TimedPermission,
} from './duty-meetings.js';
import { grantsProblems } from './problems.js';

/** What a person's holdings (`GrantsService.holdings`) say to what the person is to be given. Changes nothing. */
@Injectable()
export class HoldingRules {
  constructor(private readonly catalog: CatalogService) {}

  /** Which holdings end when a duty is given: those of another role of the application at the place (CO-5). */
  givingWay(holdings: Holding[], wanted: TimedPermission): Holding[] {
    return holdings.filter((one) => givesWay(one, wanted));
  }

  /**
   * Refuses what a person holds already and what one role per application and place forbids (CO-5).
   * @throws grants.already-held, grants.other-role (409)
   */
  refuseClash(holdings: Holding[], wanted: TimedPermission): void {
    const [other] = this.givingWay(holdings, wanted);
    if (other) {
      const names = this.catalog.names(wanted.application, other.role);
      throw grantsProblems.otherRole(
        `The role "${names.role}" in ${names.application} is held at this place already, and one place has one role. That role has to end before another can begin.`,
      );
    }
    this.refuseHeld(holdings, wanted);
  }

  /**
   * Refuses what is held already at any moment of the time it is wanted for.
   * @throws grants.already-held (409)
   */
  refuseHeld(holdings: Holding[], wanted: TimedPermission): void {
    const { application, role, permission } = wanted;
    const same = holdings.find((one) => isSame(one, wanted));
    if (!same) return;
    const names = this.catalog.names(application, role, permission);
    const rest = same.toAt
      ? ` through ${readableDate(new Date(same.toAt.getTime() - 1))}. To keep it longer, go to "My access".`
      : '. Nothing more is needed: it can be used.';
    throw grantsProblems.alreadyHeld(
      `"${names.permission}" in ${names.application} is granted at this place already${rest}`,
    );
  }

  /**
   * Which duties would meet in one hand if a person was given all that is wished, by the rules of the catalogue: among the
   * wishes, and with what the person holds. Asked before a request is sent, and shown to whoever decides it.
   * @param wishes with the system that answers for each place
   */
  conflicts(holdings: Holding[], wishes: TimedPermission[]): DutyMeeting[] {
    return dutyMeetings(this.catalog, wishes, holdings);
  }

  /**
   * Refuses duties that must not meet.
   * @throws grants.conflict (409)
   */
  refuseConflict(holdings: Holding[], wishes: TimedPermission[]): void {
    const forbidden = this.conflicts(holdings, wishes).find(({ effect }) => effect === 'forbid');
    if (!forbidden) return;
    const [one, other] = [forbidden.wish, forbidden.meets].map(
      ({ application, role, permission }) => this.catalog.names(application, role, permission).permission,
    );
    const advice = forbidden.held ? 'One of them has to end first.' : 'Only one of them can be given.';
    throw grantsProblems.conflict(
      `"${one}" and "${other}" must not be held together there. ${forbidden.because} ${advice}`,
    );
  }
}
