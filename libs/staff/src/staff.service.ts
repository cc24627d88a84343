import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { AccountsService, Limits } from '#accounts';
import { AuditService } from '#audit';
import { Changes, Clock, isDay, newId, type Problem, type ProblemKind, SETTINGS, type SignedIn } from '#kernel';
import { NotificationsService } from '#notifications';
import type { Settings } from '#settings';
import { type Dispute, disputeForUpdate, openDisputes, wasUnlinked, writeOutcome } from './link-disputes.js';
import { countTry, giveBackTry } from './link-tries.js';
import { staffProblems } from './problems.js';
import { birthHash, nameKey } from './staff-facts.js';
import { personColumns, StaffLookup, type StaffPerson } from './staff-lookup.js';

/** What people say about themselves to be found: with the Staff ID, or without when they do not know it. */
export interface StaffClaim {
  staffId?: string;
  firstName: string;
  lastName: string;
  /** 'YYYY-MM-DD'; compared as a keyed hash, kept nowhere. */
  birthDate: string;
}

/** The one answer for every mismatch: unknown number, other name, other birth date, more than one person (ID-1). */
const notMatched =
  'These facts do not fit one person on record. Check them, and give them as your school has them. If you do not know your Staff ID, leave it empty; if it goes on like this, ask the person who keeps staff records at your school.';

/** Finds people and links accounts to them. */
@Injectable()
export class StaffService extends StaffLookup {
  constructor(
    em: EntityManager,
    clock: Clock,
    private readonly audit: AuditService,
    private readonly notifications: NotificationsService,
    private readonly accounts: AccountsService,
    private readonly limits: Limits,
    private readonly changes: Changes,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    super(em, clock);
  }

  /**
   * Links the account to the one person the facts fit. A link that is there already is the answer to asking again.
   * Failures are counted and audited here, also when the caller shows them on a form.
   * @throws staff.not-matched (422), staff.too-many-tries (429), staff.already-linked (409), staff.taken (409: a dispute is open now, its holder is told)
   */
  async link(actor: SignedIn, claim: StaffClaim): Promise<StaffPerson> {
    const own = await this.memberOf(actor.accountId);
    if (own) return this.sameOrRefused(actor, claim, own);
    const wait = await countTry(this.limits, actor);
    if (wait)
      throw await this.refused(
        actor,
        claim,
        staffProblems.tooManyTries,
        'Try again tomorrow, or ask the person who keeps staff records at your school for the facts on record.',
        wait,
      );
    const linked = await this.em.transactional(() => this.linkOrSay(actor, claim));
    if (linked === 'not-matched') throw await this.refused(actor, claim, staffProblems.notMatched, notMatched);
    if (linked === 'taken')
      throw await this.refused(
        actor,
        claim,
        staffProblems.taken,
        'The state office has been told and looks at both accounts. The Staff ID stays where it is until then. If the other account is yours, sign in with that one.',
      );
    if (linked === 'already-linked') return this.sameOrRefused(actor, claim, (await this.memberOf(actor.accountId))!);
    return linked;
  }

  /** Looks, and links, disputes or says why not. The lock on the person lets one of several tries win (ID-2). */
  private async linkOrSay(
    actor: SignedIn,
    claim: StaffClaim,
  ): Promise<StaffPerson | 'not-matched' | 'taken' | 'already-linked'> {
    const found = await this.find(claim, 'for update');
    const member = found[0];
    if (found.length !== 1 || !member || !(await this.accounts.findActive(actor.accountId))) return 'not-matched';
    const holder = (await this.accountsOf([member.id])).get(member.id);
    if (holder === actor.accountId) return member;
    if (holder || (await wasUnlinked(this.em, actor.accountId, member.id))) {
      await this.openDispute(actor, member, holder);
      return 'taken';
    }
    const made = await this.em.execute<unknown[]>(
      `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, ?) on conflict do nothing returning id`,
      [newId(), actor.accountId, member.id, this.clock.now()],
    );
    if (!made.length) return 'already-linked';
    await this.audit.record(actor, {
      action: 'staff.link',
      target: `staff-member:${member.id}`,
      after: { accountId: actor.accountId, staffId: member.staffId },
    });
    await giveBackTry(this.limits, actor);
    await this.notifications.queue({ kind: 'account', id: actor.accountId }, 'staff.linked', {
      staffIdEnd: member.staffId.slice(-4),
    });
    await this.changes.announce(actor, {
      cause: `${member.firstName} ${member.lastName} can sign in now.`,
      staffMemberIds: [member.id],
    });
    return member;
  }

  /** Everybody the facts fit, two at most: one query whatever was typed, so that no answer takes longer than another. */
  private async find(claim: StaffClaim, lock = ''): Promise<StaffPerson[]> {
    const tooLong = claim.firstName.length > 100 || claim.lastName.length > 100;
    const born = isDay(claim.birthDate) ? birthHash(this.settings.IDENTITY_SECRET, claim.birthDate) : '';
    return this.em.execute<StaffPerson[]>(
      `select ${personColumns} from staff_member m where m.name_key = ? and m.birth_hash = ? and coalesce(m.staff_id = ?::text, true) order by m.id limit 2 ${lock}`,
      [tooLong ? '' : nameKey(claim.lastName, claim.firstName), born, claim.staffId ?? null],
    );
  }

  private async openDispute(actor: SignedIn, member: StaffPerson, holder: string | undefined): Promise<void> {
    const id = newId();
    const made = await this.em.execute<unknown[]>(
      `insert into link_dispute (id, claimant_account_id, staff_member_id, opened_at) values (?, ?, ?, ?) on conflict do nothing returning id`,
      [id, actor.accountId, member.id, this.clock.now()],
    );
    if (!made.length) return; // asked again; the desk has it already
    await this.audit.record(actor, {
      action: 'staff.dispute-open',
      target: `link-dispute:${id}`,
      after: { claimant: actor.accountId, holder, staffId: member.staffId },
    });
    if (!holder) return;
    await this.notifications.queue(
      { kind: 'account', id: holder },
      'staff.dispute-opened',
      { staffIdEnd: member.staffId.slice(-4) },
      `staff.dispute-opened:${member.id}`,
    );
  }

  /** Disputes the state desk has not closed yet, oldest first. */
  disputes(): Promise<Dispute[]> {
    return openDisputes(this.em);
  }

  /**
   * Closes a dispute. The Staff ID stays, or becomes free: it never moves by itself. Both sides are told.
   * @param note what was found out; kept
   * @throws staff.unknown-dispute (404), staff.dispute-closed (409), staff.own-dispute (403: nobody decides a dispute of one's own)
   */
  async closeDispute(
    actor: SignedIn,
    id: string,
    decision: { outcome: 'holder-keeps' | 'holder-unlinked'; note: string },
  ): Promise<void> {
    await this.em.transactional(async () => {
      const dispute = await disputeForUpdate(this.em, id);
      if (!dispute) throw staffProblems.unknownDispute('There is no such dispute. Open it from the list.');
      const refusal = { action: 'staff.dispute-close', target: `link-dispute:${id}` };
      if (dispute.closed)
        throw staffProblems.disputeClosed('Somebody else closed it in the meantime. Look at the list again.');
      if ([dispute.claimantAccountId, dispute.holderAccountId].includes(actor.accountId))
        throw staffProblems.ownDispute('Somebody else at the state desk has to decide this one.', { refusal });
      await writeOutcome(this.em, dispute, decision, this.clock.now());
      if (decision.outcome === 'holder-unlinked' && dispute.holderAccountId)
        await this.accounts.endSessions(dispute.holderAccountId);
      await this.audit.record(actor, {
        ...refusal,
        before: { holder: dispute.holderAccountId },
        after: { outcome: decision.outcome },
        reason: decision.note,
      });
      for (const [side, accountId] of [
        ['claimant', dispute.claimantAccountId],
        ['holder', dispute.holderAccountId],
      ] as const) {
        if (accountId)
          await this.notifications.queue({ kind: 'account', id: accountId }, 'staff.dispute-closed', {
            staffIdEnd: dispute.member.staffId.slice(-4),
            outcome: `${decision.outcome} to ${side}`,
          });
      }
      if (decision.outcome === 'holder-unlinked')
        await this.changes.announce(actor, {
          cause: `${dispute.member.firstName} ${dispute.member.lastName} can no longer sign in.`,
          staffMemberIds: [dispute.member.id],
          ...(dispute.holderAccountId && { accountIds: [dispute.holderAccountId] }),
        });
    });
  }

  private async sameOrRefused(actor: SignedIn, claim: StaffClaim, own: StaffPerson): Promise<StaffPerson> {
    const same = (await this.find(claim)).some(({ id }) => id === own.id);
    if (same) return own;
    throw await this.refused(
      actor,
      claim,
      staffProblems.alreadyLinked,
      `It is linked to the Staff ID ending in ${own.staffId.slice(-4)}. If that is wrong, write to the state office.`,
    );
  }

  /** Writes the refusal and gives back the problem to throw: once each, whoever shows it (AU-2). */
  private async refused(
    actor: SignedIn,
    claim: StaffClaim,
    kind: ProblemKind,
    detail: string,
    retryAfter?: number,
  ): Promise<Problem> {
    const target = /^\d{10}$/.test(claim.staffId ?? '') ? `staff-id:${claim.staffId}` : `account:${actor.accountId}`;
    await this.audit.recordRefusal(actor, kind(detail, { refusal: { action: 'staff.link', target } }));
    return kind(detail, { retryAfter });
  }
}
