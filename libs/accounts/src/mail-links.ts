import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, days, hours, minutes, newId, newToken, type Problem, SETTINGS, sha256 } from '#kernel';
import type { Settings } from '#settings';
import type { LinkPurpose } from './mail-link.js';
import { accountsProblems } from './problems.js';

/** Page and life of each kind of link. Reset 30 minutes, proofs of an address 24 hours (RS-3); a stop lasts a week. */
const kinds: Record<LinkPurpose, { path: string; lives: number }> = {
  'confirm-address': { path: '/confirm', lives: hours(24) },
  'reset-passphrase': { path: '/reset', lives: minutes(30) },
  'change-address': { path: '/address', lives: hours(24) },
  'not-me': { path: '/not-me', lives: days(7) },
};

/**
 * What must still be so for a link to work (RS-2), by purpose. `not-me` hangs on the account alone: who took it over
 * must not be able to kill the owner's way to stop it by changing address or passphrase once more, or by freezing first.
 */
const stillSo: Record<LinkPurpose, string> = {
  'confirm-address': `exists (select 1 from registration r where r.id = link.registration_id and r.email = link.email and r.confirmed_at is null)`,
  'reset-passphrase': `exists (select 1 from account a where a.id = link.account_id and a.status = 'active'
     and a.email = link.email and a.email_version = link.email_version and a.password_version = link.password_version)`,
  'change-address': `exists (select 1 from account a join address_change c on c.account_id = a.id
     where a.id = link.account_id and a.status = 'active' and a.email_version = link.email_version and a.password_version = link.password_version
     and c.id = link.address_change_id and c.new_email = link.email and c.email_version = a.email_version and c.done_at is null and c.stopped_at is null)`,
  'not-me': `exists (select 1 from account a where a.id = link.account_id and a.status in ('active', 'frozen'))`,
};

const unused = (purpose: LinkPurpose): string =>
  `link.token_hash = ? and link.purpose = '${purpose}' and link.used_at is null and link.expires_at > ? and ${stillSo[purpose]}`;

/** For whom a link is made. */
export interface LinkOwner {
  accountId?: string;
  registrationId?: string;
  addressChangeId?: string;
  email: string;
  emailVersion: number;
  passwordVersion: number;
}

/** What a link that works belongs to. */
export interface UsedLink {
  id: string;
  accountId: string;
  registrationId: string;
  addressChangeId: string | null;
  email: string;
}

/** Links in mails: made when the mail is sent, used once. Only the hash of a token is kept (RS-1). */
@Injectable()
export class MailLinks {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @returns the address for the mail, built from the configured origin (RS-6) */
  async make(em: EntityManager, purpose: LinkPurpose, owner: LinkOwner): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    await em.execute(
      `insert into mail_link (id, token_hash, purpose, account_id, registration_id, address_change_id, email, email_version, password_version, made_at, expires_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        newId(),
        sha256(token),
        purpose,
        owner.accountId ?? null,
        owner.registrationId ?? null,
        owner.addressChangeId ?? null,
        owner.email,
        owner.emailVersion,
        owner.passwordVersion,
        now,
        new Date(now.getTime() + kinds[purpose].lives),
      ],
    );
    return `${this.settings.ISSUER_ORIGIN}${kinds[purpose].path}?token=${token}`;
  }

  /** Looks without using: for the page with the button (RS-7). @throws Problem 422 `link-unusable` */
  async look(purpose: LinkPurpose, token: string): Promise<UsedLink> {
    const rows = await this.em.execute<LinkRow[]>(`select link.* from mail_link link where ${unused(purpose)}`, [
      sha256(token),
      this.clock.now(),
    ]);
    return linkOf(rows[0], purpose);
  }

  /** Uses the link up, in the caller's transaction: of parallel tries one wins (RS-3). @throws Problem 422 `link-unusable` */
  async use(purpose: LinkPurpose, token: string): Promise<UsedLink> {
    const now = this.clock.now();
    const rows = await this.em.execute<LinkRow[]>(
      `update mail_link link set used_at = ? where ${unused(purpose)} returning link.*`,
      [now, sha256(token), now],
    );
    return linkOf(rows[0], purpose);
  }

  /** Ends the unused links of the same purpose and account that were made after this one, in the caller's transaction. */
  async endLater({ id }: UsedLink): Promise<void> {
    await this.em.execute(
      `update mail_link later set used_at = ? from mail_link link where link.id = ? and later.id <> link.id and later.purpose = link.purpose
         and later.account_id = link.account_id and later.used_at is null and later.made_at >= link.made_at`,
      [this.clock.now(), id],
    );
  }
}

interface LinkRow {
  id: string;
  account_id: string;
  registration_id: string;
  address_change_id: string | null;
  email: string;
}

function linkOf(row: LinkRow | undefined, purpose: LinkPurpose): UsedLink {
  if (!row) throw linkUnusable(purpose);
  return {
    id: row.id,
    accountId: row.account_id,
    registrationId: row.registration_id,
    addressChangeId: row.address_change_id,
    email: row.email,
  };
}

const next: Record<LinkPurpose, string> = {
  'confirm-address': 'If you confirmed your address before, sign in. If not, register once more and open the new mail.',
  'reset-passphrase': 'To set a new passphrase, choose "Forgot your passphrase?" once more and open the new mail.',
  'change-address': 'If your address is not changed yet, ask for the change on your account page once more.',
  'not-me':
    'If you did not freeze your account before and something is wrong with it, call the help desk of your school system.',
};

/** One answer for expired, used, foreign and invented links. */
export const linkUnusable = (purpose: LinkPurpose): Problem =>
  accountsProblems.linkUnusable(`Links in our mails work once, and only for a while. ${next[purpose]}`, {
    refusal: { action: `account.${purpose}` },
  });
