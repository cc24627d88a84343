import { Migration } from '@mikro-orm/migrations';

export class M10Requests extends Migration {
  override up(): void {
    this.addSql(`create sequence permission_request_reference`);
    this.addSql(`create table permission_request (
      id uuid primary key,
      reference text not null,
      account_id uuid not null,
      staff_member_id uuid not null,
      application text not null,
      role text not null,
      level text not null,
      code text not null,
      system_code text not null,
      why text null,
      submitted_at timestamptz not null,
      form_key text not null,
      form_hash text not null,
      version int not null default 1,
      constraint permission_request_reference_unique unique (reference),
      constraint permission_request_form_key_unique unique (account_id, form_key))`);
    this.addSql(`create index permission_request_staff_member_id_index on permission_request (staff_member_id)`);
    this.addSql(`create table request_line (
      id uuid primary key,
      request_id uuid not null,
      position int not null,
      permission text not null,
      status text not null,
      routing jsonb not null,
      state_desk boolean not null,
      decided_at timestamptz null,
      decided_by uuid null,
      reason text null,
      grant_id uuid null,
      constraint request_line_permission_unique unique (request_id, permission),
      constraint request_line_status_check check (status in ('pending', 'approved', 'rejected', 'withdrawn')))`);
    this.addSql(`alter table request_line add constraint request_line_request_id_foreign
      foreign key (request_id) references permission_request (id)`);
    this.addSql(`create index request_line_pending_index on request_line (request_id) where status = 'pending'`);
    this.addSql(`create table request_decider (
      line_id uuid not null,
      staff_member_id uuid not null,
      coordinator_id uuid not null,
      primary key (line_id, staff_member_id))`);
    this.addSql(`alter table request_decider add constraint request_decider_line_id_foreign
      foreign key (line_id) references request_line (id)`);
    this.addSql(`create index request_decider_staff_member_id_index on request_decider (staff_member_id)`);
    this.addSql(`create table request_note (
      id uuid primary key,
      request_id uuid not null,
      author_account_id uuid not null,
      author_id uuid not null,
      text text not null,
      written_at timestamptz not null)`);
    this.addSql(`alter table request_note add constraint request_note_request_id_foreign
      foreign key (request_id) references permission_request (id)`);
    this.addSql(`create index request_note_request_id_index on request_note (request_id)`);
    this.addSql(`revoke delete, truncate on permission_request, request_line, request_note from edlink_app`);
  }
}
