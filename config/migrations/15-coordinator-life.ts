import { Migration } from '@mikro-orm/migrations';

export class M15CoordinatorLife extends Migration {
  override up(): void {
    this.addSql(`alter table coordinator add column ended_by uuid null`);

    this.addSql(`create table system_head (
      id uuid primary key,
      system_code text not null,
      staff_member_id uuid not null,
      title text not null,
      from_day date not null,
      ended_at timestamptz null,
      created_at timestamptz not null)`);
    this.addSql(`create unique index system_head_system_unique on system_head (system_code) where ended_at is null`);
    this.addSql(`create index system_head_system_code_index on system_head (system_code)`);
    this.addSql(`create index system_head_staff_member_id_index on system_head (staff_member_id)`);

    this.addSql(`create table designation (
      id uuid primary key,
      staff_member_id uuid not null,
      reach text not null,
      system_code text not null,
      application text null,
      from_day date not null,
      to_day date null,
      reason text not null,
      status text not null,
      version int not null,
      proposed_by uuid not null,
      form_key uuid not null,
      coordinator_id uuid null,
      created_at timestamptz not null,
      constraint designation_reach_check check (reach in ('site', 'group', 'system')),
      constraint designation_status_check
        check (status in ('proposed', 'approved', 'asked', 'granted', 'refused', 'withdrawn')),
      constraint designation_granted_check check ((status = 'granted') = (coordinator_id is not null)))`);
    this.addSql(`create unique index designation_form_unique on designation (proposed_by, form_key)`);
    this.addSql(`create index designation_staff_member_id_index on designation (staff_member_id)`);
    this.addSql(`create index designation_system_code_index on designation (system_code)`);
    this.addSql(`create index designation_created_at_index on designation (created_at)`);
    this.addSql(`create table designation_site (
      designation_id uuid not null constraint designation_site_designation_id_foreign references designation (id),
      site_code text not null,
      primary key (designation_id, site_code))`);
    this.addSql(`create table designation_step (
      id uuid primary key,
      designation_id uuid not null constraint designation_step_designation_id_foreign references designation (id),
      step text not null,
      by_staff_member_id uuid not null,
      at timestamptz not null,
      note text null)`);
    this.addSql(`create index designation_step_designation_id_index on designation_step (designation_id)`);

    this.addSql(`create table state_takeover (
      id uuid primary key,
      system_code text not null,
      opened_at timestamptz not null,
      opened_by uuid null,
      reason text not null,
      ended_at timestamptz null)`);
    this.addSql(
      `create unique index state_takeover_system_unique on state_takeover (system_code) where ended_at is null`,
    );
    this.addSql(`create index state_takeover_system_code_index on state_takeover (system_code)`);

    this.addSql(`create table statement_signature (
      id uuid primary key,
      staff_member_id uuid not null,
      statement text not null,
      version text not null,
      text_hash text not null,
      signed_on date not null,
      signed_at timestamptz not null)`);
    this.addSql(
      `create index statement_signature_staff_member_id_index on statement_signature (staff_member_id, statement, signed_on)`,
    );

    // Who decided, and who said yes to it, is history: rows are ended or added, never removed; signatures never change.
    this.addSql(
      `revoke delete, truncate on system_head, designation, designation_site, state_takeover from edlink_app`,
    );
    this.addSql(`revoke update, delete, truncate on designation_step, statement_signature from edlink_app`);
  }
}
