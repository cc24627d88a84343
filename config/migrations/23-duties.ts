import { Migration } from '@mikro-orm/migrations';

/** Approval in more than one step, and requests that a coordinator enters for somebody else. */
export class M23Duties extends Migration {
  override up(): void {
    this.addSql(`create table duty_holder (
      id uuid primary key,
      duty text not null,
      staff_member_id uuid not null,
      system_code text null,
      application text null,
      from_day date not null,
      to_day date null,
      named_by uuid null,
      ended_at timestamptz null,
      ended_reason text null,
      ended_by uuid null,
      created_at timestamptz not null,
      constraint duty_holder_duty_check check (duty in ('special-education-supervisor', 'application-owner')),
      constraint duty_holder_owner_check
        check ((duty = 'application-owner') = (system_code is null) and (system_code is not null or application is not null)))`);
    this.addSql(`create index duty_holder_staff_member_id_index on duty_holder (staff_member_id)`);
    this.addSql(`create index duty_holder_system_code_index on duty_holder (system_code)`);
    this.addSql(`revoke delete, truncate on duty_holder from edlink_app`);

    this.addSql(`alter table request_line add duty text null, add step int not null default 1,
      add approval jsonb not null default '["coordinator"]', add excluded jsonb not null default '[]'`);
    this.addSql(`create table line_step (
      line_id uuid not null,
      step int not null,
      duty text null,
      decided_by uuid not null,
      decided_at timestamptz not null,
      reason text null,
      primary key (line_id, step))`);
    this.addSql(`alter table line_step add constraint line_step_line_id_foreign
      foreign key (line_id) references request_line (id)`);
    this.addSql(`revoke update, delete, truncate on line_step from edlink_app`);

    this.addSql(`alter table permission_request add entered_by uuid null`);
    this.addSql(`create table request_proposal (
      id uuid primary key,
      staff_member_id uuid not null,
      proposed_by uuid not null,
      form_key text not null,
      form_hash text not null,
      wishes jsonb not null,
      why text null,
      proposed_at timestamptz not null,
      lapses_on date not null,
      status text not null,
      answered_at timestamptz null,
      reason text null,
      request_id uuid null,
      constraint request_proposal_status_check
        check (status in ('open', 'confirmed', 'declined', 'withdrawn', 'lapsed')),
      constraint request_proposal_answered_check check ((status = 'open') = (answered_at is null)),
      constraint request_proposal_confirmed_check check ((status = 'confirmed') = (request_id is not null)))`);
    this.addSql(`create unique index request_proposal_form_unique on request_proposal (proposed_by, form_key)`);
    this.addSql(`create index request_proposal_staff_member_id_index on request_proposal (staff_member_id)`);
    this.addSql(`create index request_proposal_open_index on request_proposal (lapses_on) where status = 'open'`);
    this.addSql(`revoke delete, truncate on request_proposal from edlink_app`);
  }
}
