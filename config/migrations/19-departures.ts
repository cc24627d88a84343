import { Migration } from '@mikro-orm/migrations';

export class M19Departures extends Migration {
  override up(): void {
    // Ends of employments that access still has to follow: what feeds and people say, followed when the day has come.
    this.addSql(`create table employment_end (
      id uuid primary key,
      staff_member_id uuid not null,
      day date not null,
      reason text null,
      by_staff_member_id uuid null,
      learned_at timestamptz not null,
      followed_at timestamptz null)`);
    this.addSql(`alter table employment_end add constraint employment_end_staff_member_id_foreign
      foreign key (staff_member_id) references staff_member (id)`);
    this.addSql(`create index employment_end_waiting_index on employment_end (day) where followed_at is null`);
    this.addSql(`create index employment_end_staff_member_id_index on employment_end (staff_member_id)`);
    this.addSql(`revoke update, delete, truncate on employment_end from edlink_app`);
    this.addSql(`grant update (followed_at) on employment_end to edlink_app`);

    // Staff files that would end the employment of many wait for a second person.
    this.addSql(`create table staff_feed_hold (
      id uuid primary key,
      sha256 text not null,
      leavers jsonb not null,
      leavers_hash text not null,
      covered integer not null,
      status text not null,
      asked_by text not null,
      asked_at timestamptz not null,
      answered_by text null,
      answered_at timestamptz null,
      constraint staff_feed_hold_status_check check (status in ('waits', 'confirmed', 'refused', 'applied')))`);
    this.addSql(
      `create unique index staff_feed_hold_open_unique on staff_feed_hold (sha256) where status in ('waits', 'confirmed')`,
    );
    this.addSql(`revoke delete, truncate on staff_feed_hold from edlink_app`);

    this.addSql(`create table departure (
      id uuid primary key,
      staff_member_id uuid not null,
      account_id uuid null,
      day date not null,
      left_at timestamptz not null,
      reason text not null,
      by_staff_member_id uuid null,
      ended jsonb not null)`);
    this.addSql(`create index departure_staff_member_id_index on departure (staff_member_id)`);
    this.addSql(`revoke update, delete, truncate on departure from edlink_app`);
  }
}
