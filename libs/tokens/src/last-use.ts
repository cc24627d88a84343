import { Injectable, Logger } from '@nestjs/common';
import { Clock, hours } from '#kernel';
import type { RelyingClient } from '#signals';
import { type Statement, Statements } from './statements.js';

const notedEvery = hours(1);
/** Who uses what is remembered for so many, then forgotten: noting twice does no harm. */
const most = 50_000;

const note: Statement = {
  name: 'tokens-note-use',
  text: `insert into application_use (account_id, application, last_entered_at)
    select $1, application, $3::timestamptz from unnest($2::text[]) application order by application
    on conflict (account_id, application) do update set last_entered_at = excluded.last_entered_at
    where application_use.last_entered_at < excluded.last_entered_at - interval '1 hour'`,
};

/** When somebody last entered an application: what is not used for long is given up (CF-5). Written once an hour at most. */
@Injectable()
export class LastUse {
  private readonly log = new Logger('oidc');
  private readonly noted = new Map<string, number>();

  constructor(
    private readonly statements: Statements,
    private readonly clock: Clock,
  ) {}

  /** A person got a token, or an application asked about theirs. What cannot be written keeps nobody out. */
  async note(accountId: string, { id, applications }: RelyingClient): Promise<void> {
    const key = `${accountId} ${id}`;
    const now = this.clock.now();
    if (!applications.length || now.getTime() - (this.noted.get(key) ?? 0) < notedEvery) return;
    if (this.noted.size >= most) this.noted.clear();
    this.noted.set(key, now.getTime());
    await this.statements.changed(note, [accountId, applications, now]).catch((fault: Error) => {
      this.noted.delete(key);
      this.log.warn(`the use of ${id} could not be written down: ${fault.message}`);
    });
  }
}
