import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, hours, keyedHash, sameText, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { webProblems } from './problems.js';

/** How long the answer to a form is repeated; longer than any session, so that no form outlives it (SE-3). */
const keptFor = hours(24);

/** Rows taken at a time when old ones are removed. */
const atOnce = 5000;

/** A form as it was sent. */
export interface SentForm {
  accountId: string;
  key: string;
  route: string;
  /** The address and all fields. */
  content: string;
}

/** An answer that is repeated. */
export interface KeptAnswer {
  status: number;
  location: string;
}

interface Row {
  body_hash: string;
  status: number;
  location: string;
}

/** What forms did that may come again: the first does the deed, the others get its answer. */
@Injectable()
export class RepeatedForms {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Claims a form in the transaction around; while another one with the same key is under way, waits for it.
   * @returns the answer it got when it was sent before; undefined: do the deed, then `keep`
   * @throws web.other-form (422) when something else was sent with this key
   */
  async claim(form: SentForm): Promise<KeptAnswer | undefined> {
    const claimed = await this.em.execute<unknown[]>(
      `insert into repeated_form (account_id, key, route, body_hash, at) values (?, ?, ?, ?, ?)
       on conflict do nothing returning 1`,
      [form.accountId, form.key, form.route, this.hashes(form)[0], this.clock.now()],
    );
    return claimed.length ? undefined : this.answerOf(form);
  }

  /** Keeps the answer to a form that was claimed. */
  async keep({ accountId, key, route }: SentForm, { status, location }: KeptAnswer): Promise<void> {
    await this.em.execute(
      `update repeated_form set status = ?, location = ? where account_id = ? and key = ? and route = ?`,
      [status, location, accountId, key, route],
    );
  }

  /**
   * The answer a form got when it was sent before.
   * @throws web.other-form (422) when something else was sent with this key
   */
  async answerOf(form: SentForm): Promise<KeptAnswer | undefined> {
    const { accountId, key, route } = form;
    const [row] = await this.em.execute<Row[]>(
      `select body_hash, status, location from repeated_form where account_id = ? and key = ? and route = ?`,
      [accountId, key, route],
    );
    if (!row) return undefined;
    if (this.hashes(form).some((hash) => sameText(hash, row.body_hash)))
      return { status: row.status, location: row.location };
    throw webProblems.otherForm(
      'You sent this form before, with something else in it; that was saved. See what it says now, and change it from there.',
      { link: { label: 'See what was saved', href: row.location } },
    );
  }

  /** Removes what is older than a day. @returns how many rows */
  async forget(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - keptFor);
    for (let gone = 0; ;) {
      const rows = await this.em.fork().execute<unknown[]>(
        `delete from repeated_form where (account_id, key, route) in
           (select account_id, key, route from repeated_form where at < ? limit ${atOnce}) returning 1`,
        [before],
      );
      gone += rows.length;
      if (rows.length < atOnce) return gone;
    }
  }

  /** By the secret of today first, then by those before it. */
  private hashes({ content }: SentForm): string[] {
    return this.settings.COOKIE_SECRETS.map((secret) => keyedHash(secret, 'sent-form', content));
  }
}
