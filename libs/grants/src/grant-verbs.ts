import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import {
  Clock,
  days,
  isDay,
  isPlainText,
  localDay,
  Problem,
  readableDate,
  type SignedIn,
  startOfDay,
  tidy,
} from '#kernel';
import { GrantLedger, switched } from './grant-ledger.js';
import { GrantNews } from './grant-news.js';
import { type GivenGrant, GrantRights } from './grant-rights.js';
import type { GrantState } from './grant-version.js';
import { GrantsService } from './grants.service.js';
import { holdGrants } from './live-grants.js';
import { grantsProblems } from './problems.js';

/** What became of one grant of many; the words say why it stayed as it was. */
export interface RenewalResult {
  grantId: string;
  renewed: boolean;
  detail?: string;
}

/** Grants renewed in one act. */
const most = 100;
/** How far ahead, in days: as far as a request may ask. */
const furthest = 3653;

/** What people do with grants: their own, and those at the places where they decide. Each is one transaction. */
@Injectable()
export class GrantVerbs {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly grants: GrantsService,
    private readonly rights: GrantRights,
    private readonly ledger: GrantLedger,
    private readonly news: GrantNews,
  ) {}

  /**
   * Ends one's own access.
   * @throws grants.bad-reason (422), grants.not-found (404), grants.already-ended (409)
   */
  async giveUp(actor: SignedIn, grantId: string, reason = ''): Promise<void> {
    const why = reason.trim() ? checkedReason(reason) : undefined;
    await this.em.transactional(async () => {
      const grant = await this.rights.own(actor, 'grant.give-up', grantId);
      if (!(await this.grants.endFor(actor, { grantIds: [grant.id] }, 'given-up', why)).length) throw ended();
    });
  }

  /**
   * Ends somebody's access. For whoever may decide at the place; the person reads the reason.
   * @throws grants.bad-reason (422), grants.own (403), grants.not-found (404), grants.already-ended, coordinators.unsigned (409)
   */
  async revoke(actor: SignedIn, grantId: string, { reason }: { reason: string }): Promise<void> {
    const why = checkedReason(reason);
    await this.em.transactional(async () => {
      const grant = await this.governedOne(actor, 'grant.revoke', grantId);
      if (!(await this.grants.endFor(actor, { grantIds: [grant.id] }, 'revoked', why)).length) throw ended();
      await this.news.tell('grants.revoked', grant, { reason: why });
    });
  }

  /**
   * Access rests until it is resumed; its end stays the same.
   * @throws as `revoke`
   */
  async suspend(actor: SignedIn, grantId: string, { reason }: { reason: string }): Promise<void> {
    const why = checkedReason(reason);
    await this.em.transactional(async () => {
      const grant = await this.governedOne(actor, 'grant.suspend', grantId);
      await this.turn(actor, grant, 'suspended', why);
      await this.news.tell('grants.suspended', grant, { reason: why });
    });
  }

  /**
   * Access that rested goes on. For whoever may decide at the place.
   * @throws grants.own (403), grants.not-found (404), grants.already-ended, .not-suspended, coordinators.unsigned (409)
   */
  async resume(actor: SignedIn, grantId: string): Promise<void> {
    await this.em.transactional(async () => {
      const grant = await this.governedOne(actor, 'grant.resume', grantId);
      await this.turn(actor, grant, 'active');
      await this.news.tell('grants.resumed', grant, {});
    });
  }

  /**
   * Lets access of people go on until a day, each grant with its own result. One's own or a foreign one refuses the whole.
   * What has that end already is as it should be: asked twice, it answers the same and does nothing more. What more than a
   * coordinator approves nobody prolongs alone: that is asked for, and goes through every step again.
   * @param toDay 'YYYY-MM-DD', the first day no longer
   * @throws grants.wrong-end, grants.too-many (422), grants.own (403), grants.not-found (404), coordinators.unsigned (409)
   */
  async renewMany(actor: SignedIn, grantIds: string[], toDay: string): Promise<RenewalResult[]> {
    const ids = [...new Set(grantIds)];
    if (ids.length > most) throw grantsProblems.tooMany(`Choose at most ${most} at a time. Nothing was changed.`);
    if (!isDay(toDay) || toDay <= localDay(this.clock.now()))
      throw grantsProblems.wrongEnd('Choose a day that is still to come. Nothing was changed.');
    if (startOfDay(toDay).getTime() > this.clock.now().getTime() + days(furthest))
      throw grantsProblems.wrongEnd('Choose a day within ten years. Nothing was changed.');
    return this.em.transactional(async () => {
      const grants = ids.length ? await this.rights.governed(actor, 'grant.renew', ids) : [];
      await this.grants.hold(grants);
      const toAt = startOfDay(toDay);
      const held = await holdGrants(this.em, { grantIds: ids }, this.clock);
      const done = new Set(
        held.grants.filter(({ live }) => live.at(-1)?.toAt?.getTime() === toAt.getTime()).map(({ id }) => id),
      );
      const results: RenewalResult[] = [];
      for (const grant of grants)
        results.push(done.has(grant.id) ? { grantId: grant.id, renewed: true } : await this.renew(actor, grant, toAt));
      return results;
    });
  }

  private async renew(actor: SignedIn, grant: GivenGrant, toAt: Date): Promise<RenewalResult> {
    if (this.catalog.approvalOf(grant.application, grant.role).join() !== 'coordinator') {
      const detail =
        'Not only a coordinator approves this. The person asks to keep it longer under "My access", and everybody who approves it is asked again.';
      return { grantId: grant.id, renewed: false, detail };
    }
    try {
      await this.grants.extend(actor, grant.id, toAt, 'renewed');
    } catch (fault) {
      // All that is refused is refused before anything is written.
      if (!(fault instanceof Problem)) throw fault;
      return { grantId: grant.id, renewed: false, detail: fault.detail };
    }
    await this.news.tell('grants.renewed', grant, { through: readableDate(new Date(toAt.getTime() - 1)) });
    return { grantId: grant.id, renewed: true };
  }

  private async governedOne(actor: SignedIn, action: string, grantId: string): Promise<GivenGrant> {
    return (await this.rights.governed(actor, action, [grantId]))[0]!;
  }

  private async turn(actor: SignedIn, given: GivenGrant, state: GrantState, reason?: string): Promise<void> {
    const { at, grants } = await holdGrants(this.em, { grantIds: [given.id] }, this.clock);
    const grant = grants[0];
    if (!grant?.live.length) throw ended();
    const deed = switched(grant, at, state, state === 'active' ? 'resumed' : 'suspended', reason);
    if (!deed)
      throw state === 'active'
        ? grantsProblems.notSuspended('This access is not suspended. Load the list again.')
        : grantsProblems.suspended('This access is suspended already. Load the list again.');
    await this.ledger.write(actor, [deed]);
  }
}

const ended = (): Problem => grantsProblems.alreadyEnded('This access has ended before. Load the list again.');

function checkedReason(reason: string): string {
  const why = tidy(reason);
  const refuse = (message: string): never => {
    throw grantsProblems.badReason(message, { errors: [{ field: 'reason', message }] });
  };
  if (!why) return refuse('Write the reason. The person reads it.');
  if (why.length > 500 || !isPlainText(why)) return refuse('Write the reason in at most 500 plain characters.');
  return why;
}
