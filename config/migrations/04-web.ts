import { Migration } from '@mikro-orm/migrations';

export class M04Web extends Migration {
  override up(): void {
    this.addSql(`create table web_session (
      id_hash text primary key,
      account_id uuid null,
      auth_time int null,
      data jsonb not null,
      created_at timestamptz not null,
      last_seen_at timestamptz not null)`);
    this.addSql(`create index web_session_account_id_index on web_session (account_id)`);
    this.addSql(`create index web_session_last_seen_at_index on web_session (last_seen_at)`);
  }
}
