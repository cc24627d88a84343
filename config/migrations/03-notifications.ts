import { Migration } from '@mikro-orm/migrations';

export class M03Notifications extends Migration {
  override up(): void {
    this.addSql(`create table message (
      id uuid primary key,
      recipient_kind text not null,
      recipient_id uuid not null,
      kind text not null,
      facts jsonb not null,
      merge_key text null,
      queued_at timestamptz not null,
      state text not null,
      attempts int not null default 0,
      sent_at timestamptz null,
      last_fault text null,
      read_at timestamptz null)`);
    this.addSql(`create index message_recipient_index on message (recipient_id, queued_at)`);
    this.addSql(`create unique index message_waiting_unique on message (merge_key) where state = 'waiting'`);
  }
}
