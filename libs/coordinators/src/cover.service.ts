import { Injectable } from '@nestjs/common';
import type { Actor, SignedIn } from '#kernel';

/** Names somebody who stands in for a coordinator. */
export interface CoverForm {
  /** The assignment of the person who is away. */
  coordinatorId: string;
  /** Who stands in. */
  staffMemberId: string;
  /** Only for these sites; absent = for all the assignment holds. */
  siteCodes?: string[];
  /** Only for this application. */
  application?: string;
  /** 'YYYY-MM-DD' */
  fromDay: string;
  /** The first day back. */
  toDay: string;
}

/** A cover as its people and the state desk see it; not over and not ended. */
export interface CoverView {
  id: string;
  coordinatorId: string;
  absent: { staffMemberId: string; name: string };
  standsIn: { staffMemberId: string; name: string };
  siteCodes?: string[];
  application?: string;
  fromDay: string;
  toDay: string;
}

@Injectable()
export class CoverService {
  /**
   * Names a cover. For the coordinator, for an assignment of his own, and for the state desk when somebody cannot.
   * @returns the cover's id
   * @throws coordinators.not-found (404: no such assignment, or none of the actor's), coordinators.wrong-cover (422),
   *   coordinators.covered-already (409)
   */
  name(actor: Actor, form: CoverForm): Promise<string> {
    throw new Error(`${String(actor)} ${String(form)}`);
  }

  /**
   * Ends a cover now. For whoever is away, whoever stands in, and the state desk.
   * @throws coordinators.not-found (404), coordinators.already-ended (409)
   */
  end(actor: Actor, coverId: string): Promise<void> {
    throw new Error(`${String(actor)} ${coverId}`);
  }

  /** People who may stand in for an assignment, by name or Staff ID; at most 20. For who may name a cover for it. */
  candidates(
    actor: SignedIn,
    coordinatorId: string,
    text: string,
  ): Promise<{ staffMemberId: string; name: string; about: string }[]> {
    throw new Error(`${String(actor)} ${coordinatorId} ${text}`);
  }

  /** Covers a person has given and taken that are not over, soonest first. */
  of(staffMemberId: string): Promise<{ given: CoverView[]; taken: CoverView[] }> {
    throw new Error(staffMemberId);
  }
}
