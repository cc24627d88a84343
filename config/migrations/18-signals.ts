import { Migration } from '@mikro-orm/migrations';

export class M18Signals extends Migration {
  override up(): void {
    // What applications are told about somebody's access, written in the transaction of the change (OA-11).
    this.addSql(`create table signal (
      id uuid primary key,
      account_id uuid not null,
      client_id text not null,
      kind text not null,
      sid text null,
      created_at timestamptz not null,
      attempts int not null default 0,
      next_attempt_at timestamptz not null,
      unanswered boolean not null default false,
      sent_at timestamptz null,
      receipt jsonb null,
      dead_at timestamptz null)`);
    this.addSql(
      `create index signal_waiting_index on signal (client_id, created_at) where sent_at is null and dead_at is null`,
    );
    this.addSql(`create index signal_account_index on signal (account_id, created_at)`);
    this.addSql(`revoke delete on signal from edlink_app`);
  }
}
