import { Injectable } from '@nestjs/common';
import type { SignedIn } from '#kernel';
import { StaffService } from '#staff';
import { checkedReason } from './designation.js';
import { type DesignationProposal, DesignationProposals } from './designation-proposals.js';
import { DesignationReading } from './designation-reading.js';
import { DesignationProgress } from './designation-progress.js';
import type { DesignationView } from './designation-view.js';

/** The version the person saw: a step on an older look is refused. */
interface Seen {
  version: number;
}

/**
 * How one becomes a coordinator: the head designates, the state office approves, the person signs and asks, the state office
 * grants. Every step is kept and told. All steps throw coordinators.not-found (404: not concerned, or absent),
 * coordinators.not-yours (403: a step for somebody else, also for the state desk in its own matter), coordinators.unsigned
 * and coordinators.moved-on (409: another step came first).
 */
@Injectable()
export class DesignationService {
  constructor(
    private readonly staff: StaffService,
    private readonly proposals: DesignationProposals,
    private readonly steps: DesignationProgress,
    private readonly reading: DesignationReading,
  ) {}

  /**
   * A head designates a person for his own system. Sent again with the same key it is the same designation.
   * @returns the designation's id
   * @throws coordinators.not-head (403), coordinators.unknown-person, coordinators.wrong-scope, sites.*, catalog.* (422),
   *   coordinators.already (409: designated so already, or a coordinator with this scope)
   */
  async propose(actor: SignedIn, form: DesignationProposal): Promise<string> {
    return this.proposals.propose(actor, form);
  }

  /** The state office agrees; the person is told to sign and to ask for access. */
  async approve(actor: SignedIn, id: string, step: Seen & { note?: string }): Promise<void> {
    await this.steps.step(actor, id, 'approve', step);
  }

  /** The state office does not agree, at any point before the grant. @throws also coordinators.wrong-scope without a reason */
  async refuse(actor: SignedIn, id: string, { version, reason }: Seen & { reason: string }): Promise<void> {
    await this.steps.step(actor, id, 'refuse', { version, note: checkedReason(reason) });
  }

  /** The person asks for access, with the statement signed. */
  async ask(actor: SignedIn, id: string, { version }: Seen): Promise<void> {
    await this.steps.step(actor, id, 'ask', { version });
  }

  /**
   * The state office makes the person a coordinator. What the form says is asked again; days that passed begin today.
   * @throws also coordinators.wrong-scope, sites.* (422), coordinators.already (409)
   */
  async grant(actor: SignedIn, id: string, { version }: Seen): Promise<void> {
    await this.steps.step(actor, id, 'grant', { version });
  }

  /** The head or the person takes it back, at any point before the grant. */
  async withdraw(actor: SignedIn, id: string, { version }: Seen): Promise<void> {
    await this.steps.step(actor, id, 'withdraw', { version });
  }

  /**
   * Designations the actor is concerned with: all for the state desk, those of own systems for heads, those about oneself.
   * Open ones first, longest first; at most 500.
   */
  async list(actor: SignedIn, filter: { open?: boolean; systemCode?: string } = {}): Promise<DesignationView[]> {
    const looker = await this.lookerOf(actor);
    return this.reading.views(await this.reading.rows(looker, filter), looker);
  }

  /** How many designations wait for the state desk to approve or to grant, by this person; 0 for anybody else. */
  async waitingCount(actor: SignedIn): Promise<number> {
    return this.reading.waitingCount(await this.lookerOf(actor));
  }

  /**
   * One designation with its steps.
   * @throws coordinators.not-found (404) for anybody not concerned, as for an absent one
   */
  async get(actor: SignedIn, id: string): Promise<DesignationView> {
    const looker = await this.lookerOf(actor);
    const row = await this.reading.visible(id, looker, 'designation.view');
    const [view] = await this.reading.views([row], looker, await this.reading.steps(id));
    return view!;
  }

  private async lookerOf(actor: SignedIn) {
    return this.reading.looker((await this.staff.memberOf(actor.accountId))?.id, { hold: false });
  }
}
