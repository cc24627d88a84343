import { Migration } from '@mikro-orm/migrations';

export class M13Register extends Migration {
  override up(): void {
    // A register file as it was previewed, until it is applied or dropped. `content` is the file's rows and its plan.
    this.addSql(`create table register_change (
      id uuid primary key,
      sha256 text not null,
      file_name text not null,
      source text not null,
      effective_day date not null,
      status text not null,
      rows int not null,
      counts jsonb not null,
      plan_hash text not null,
      content bytea not null,
      made_by text not null,
      made_at timestamptz not null,
      confirmed_by text null,
      confirmed_at timestamptz null,
      confirmed_only jsonb null,
      applied_by text null,
      applied_at timestamptz null,
      applied_rows int not null,
      closed_sites int not null)`);
    // The same file for the same day is one change while it waits, however often it is previewed.
    this.addSql(
      `create unique index register_change_open_unique on register_change (sha256, source, effective_day) where status in ('previewed', 'waits-for-second')`,
    );
    this.addSql(`create index register_change_made_index on register_change (made_at)`);
    this.addSql(`create table register_disagreement (
      id uuid primary key,
      level text not null,
      code text not null,
      field text not null,
      source text not null,
      register_value text null,
      source_value text null,
      source_label text null,
      first_seen date not null,
      last_seen date not null,
      settled_at timestamptz null,
      settled_by text null,
      outcome text null,
      note text null)`);
    this.addSql(
      `create unique index register_disagreement_open_unique on register_disagreement (level, code, field, source) where settled_at is null`,
    );
    this.addSql(`create index register_disagreement_place_index on register_disagreement (level, code)`);
    this.addSql(`revoke delete, truncate on register_change, register_disagreement from edlink_app`);
  }
}
