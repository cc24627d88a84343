import { Migration } from '@mikro-orm/migrations';

export class M14Cover extends Migration {
  override up(): void {
    this.addSql(`create table coordinator_cover (
      id uuid primary key,
      coordinator_id uuid not null,
      staff_member_id uuid not null,
      every_site boolean not null,
      application text null,
      from_day date not null,
      to_day date not null,
      ended_at timestamptz null,
      created_at timestamptz not null,
      constraint coordinator_cover_days_check check (from_day < to_day))`);
    this.addSql(`create index coordinator_cover_coordinator_id_index on coordinator_cover (coordinator_id)`);
    this.addSql(`create index coordinator_cover_staff_member_id_index on coordinator_cover (staff_member_id)`);
    this.addSql(`alter table coordinator_cover add constraint coordinator_cover_coordinator_id_foreign
      foreign key (coordinator_id) references coordinator (id)`);
    this.addSql(`create table coordinator_cover_site (
      cover_id uuid not null,
      site_code text not null,
      primary key (cover_id, site_code))`);
    this.addSql(`alter table coordinator_cover_site add constraint coordinator_cover_site_cover_id_foreign
      foreign key (cover_id) references coordinator_cover (id)`);
    // Who could decide is history: a cover is ended, never removed.
    this.addSql(`revoke delete, truncate on coordinator_cover, coordinator_cover_site from edlink_app`);
  }
}
