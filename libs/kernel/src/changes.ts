import { Injectable } from '@nestjs/common';
import type { Actor } from './actor.js';

/** Something changed that others may have drawn conclusions from: who decides what, who may enter where. */
export interface Change {
  /** One plain sentence that histories and mails show: "Marcus Guillory stands down." Empty: nothing to tell. */
  cause: string;
  /** Codes of school systems in which the places or the coordinators changed. */
  systems?: string[];
  /** The state's own coordinators changed: every school system may be concerned. */
  everywhere?: boolean;
  /** Accounts that opened, closed, or were linked or unlinked. */
  accountIds?: string[];
  /** Staff members of whom something changed. */
  staffMemberIds?: string[];
  /** Codes of sites that closed. */
  closedSites?: string[];
  /** Codes of sites that belong to another school system from now on. */
  movedSites?: string[];
  /** What the accounts may do changed; nothing about who decides. */
  access?: boolean;
}

type Follower = (actor: Actor, change: Change) => Promise<void>;

/**
 * Carries a change to those who must follow it in the same transaction. Lower floors announce without knowing who
 * listens; what follows fails, the change fails with it.
 */
@Injectable()
export class Changes {
  private readonly followers: Follower[] = [];

  /** Called in `onModuleInit`. The follower runs inside the transaction of the change. */
  follow(follower: Follower): void {
    this.followers.push(follower);
  }

  /** Called inside the transaction, after the rows were written. Followers run one after the other. */
  async announce(actor: Actor, change: Change): Promise<void> {
    for (const follower of this.followers) await follower(actor, change);
  }
}
