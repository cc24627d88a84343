import { Migration } from '@mikro-orm/migrations';

export class M02Audit extends Migration {
  override up(): void {
    this.addSql(`create table audit_entry (
      id bigserial primary key,
      at timestamptz not null default clock_timestamp(),
      action text not null,
      result text not null,
      account_id uuid null,
      client text not null,
      session text null,
      address text null,
      target text null,
      before jsonb null,
      after jsonb null,
      reason text null)`);
    this.addSql(`create index audit_entry_account_id_index on audit_entry (account_id)`);
    this.addSql(`create index audit_entry_target_index on audit_entry (target)`);
    // Append only for every app (AU-4).
    this.addSql(`revoke update, delete, truncate on audit_entry from edlink_app`);
  }
}
