import { Migration } from '@mikro-orm/migrations';

export class M07Staff extends Migration {
  override up(): void {
    this.addSql(`create table staff_member (
      id uuid primary key,
      staff_id text not null constraint staff_member_staff_id_unique unique,
      first_name text not null,
      last_name text not null,
      middle_name text null,
      suffix text null,
      name_key text not null,
      birth_hash text null,
      created_at timestamptz not null)`);
    this.addSql(`create index staff_member_facts_index on staff_member (name_key, birth_hash)`);
    // A Staff ID is never reused (ID-4): no app removes a staff member or gives one another number.
    this.addSql(`revoke update, delete, truncate on staff_member from edlink_app`);
    this.addSql(
      `grant update (first_name, last_name, middle_name, suffix, name_key, birth_hash) on staff_member to edlink_app`,
    );

    this.addSql(`create table employment (
      id uuid primary key,
      staff_member_id uuid not null constraint employment_staff_member_id_foreign references staff_member (id),
      site_code text not null,
      position text not null,
      from_day date not null,
      to_day date null)`);
    this.addSql(`create unique index employment_unique on employment (staff_member_id, site_code, position, from_day)`);
    this.addSql(`create index employment_site_code_index on employment (site_code)`);

    this.addSql(`create table staff_link (
      id uuid primary key,
      account_id uuid not null,
      staff_member_id uuid not null constraint staff_link_staff_member_id_foreign references staff_member (id),
      linked_at timestamptz not null,
      ended_at timestamptz null)`);
    // One person, one account, whoever tries at the same time (ID-2).
    this.addSql(`create unique index staff_link_account_unique on staff_link (account_id) where ended_at is null`);
    this.addSql(
      `create unique index staff_link_staff_member_unique on staff_link (staff_member_id) where ended_at is null`,
    );

    this.addSql(`create table link_dispute (
      id uuid primary key,
      claimant_account_id uuid not null,
      staff_member_id uuid not null constraint link_dispute_staff_member_id_foreign references staff_member (id),
      opened_at timestamptz not null,
      closed_at timestamptz null,
      outcome text null,
      note text null)`);
    this.addSql(
      `create unique index link_dispute_open_unique on link_dispute (claimant_account_id, staff_member_id) where closed_at is null`,
    );
  }
}
