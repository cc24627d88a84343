import { Migration } from '@mikro-orm/migrations';

/** Days are half-open: a row is true from `from_day` up to, not including, `to_day`. */
export class M05Sites extends Migration {
  override up(): void {
    this.addSql(`create table school_system (
      code text primary key,
      name text not null,
      name_key text not null,
      kind text not null,
      opened_on date null,
      closed_on date null)`);
    this.addSql(`create table site (
      code text primary key,
      name text not null,
      name_key text not null,
      kind text not null,
      federal_code text null,
      opened_on date null,
      closed_on date null)`);
    this.addSql(`create table site_parent (
      id uuid primary key,
      site_code text not null constraint site_parent_site_code_foreign references site (code),
      system_code text not null constraint site_parent_system_code_foreign references school_system (code),
      from_day date not null,
      to_day date null)`);
    // One parent at a time, whoever writes.
    this.addSql(`create unique index site_parent_current_unique on site_parent (site_code) where to_day is null`);
    this.addSql(`create index site_parent_site_code_index on site_parent (site_code)`);
    this.addSql(`create index site_parent_system_code_index on site_parent (system_code)`);
    this.addSql(`create table place_name (
      id uuid primary key,
      code text not null,
      name text not null,
      from_day date not null,
      to_day date null)`);
    this.addSql(`create unique index place_name_current_unique on place_name (code) where to_day is null`);
    this.addSql(`create index place_name_code_index on place_name (code)`);
  }
}
