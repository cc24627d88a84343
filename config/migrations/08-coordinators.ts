import { Migration } from '@mikro-orm/migrations';

export class M08Coordinators extends Migration {
  override up(): void {
    this.addSql(`create table coordinator (
      id uuid primary key,
      staff_member_id uuid not null,
      reach text not null,
      system_code text null,
      application text null,
      from_day date not null,
      to_day date null,
      ended_at timestamptz null,
      ended_reason text null,
      created_at timestamptz not null,
      constraint coordinator_reach_check check ((reach = 'state') = (system_code is null)))`);
    this.addSql(`create index coordinator_staff_member_id_index on coordinator (staff_member_id)`);
    this.addSql(`create index coordinator_system_code_index on coordinator (system_code)`);
    this.addSql(`create table coordinator_site (
      coordinator_id uuid not null,
      site_code text not null,
      primary key (coordinator_id, site_code))`);
    this.addSql(`alter table coordinator_site add constraint coordinator_site_coordinator_id_foreign
      foreign key (coordinator_id) references coordinator (id)`);
    // Who may decide is history: an assignment is ended, never removed.
    this.addSql(`revoke delete, truncate on coordinator, coordinator_site from edlink_app`);
  }
}
