import { Migration } from '@mikro-orm/migrations';

export class M16Rerouting extends Migration {
  override up(): void {
    this.addSql(`alter table permission_request add replaces_id uuid null`);
    this.addSql(`create index permission_request_system_code_index on permission_request (system_code)`);
    this.addSql(`create index permission_request_place_index on permission_request (code, level)`);
    this.addSql(`alter table request_decider add cover_id uuid null`);

    this.addSql(`create table line_route (
      id uuid primary key,
      line_id uuid not null,
      at timestamptz not null,
      cause text not null,
      routing jsonb not null)`);
    this.addSql(`alter table line_route add constraint line_route_line_id_foreign
      foreign key (line_id) references request_line (id)`);
    this.addSql(`create index line_route_line_id_index on line_route (line_id)`);
    this.addSql(`insert into line_route (id, line_id, at, cause, routing)
      select gen_random_uuid(), l.id, r.submitted_at, '', l.routing
      from request_line l join permission_request r on r.id = l.request_id`);
    this.addSql(`revoke update, delete, truncate on line_route from edlink_app`);

    this.addSql(`create table request_suggestion (
      id uuid primary key,
      request_id uuid not null,
      by_staff_member_id uuid not null,
      system_code text not null,
      note text null,
      suggested_at timestamptz not null,
      answer text null,
      answered_at timestamptz null,
      new_request_id uuid null,
      constraint request_suggestion_answer_check check (answer in ('accepted', 'declined')),
      constraint request_suggestion_answered_check check ((answer is null) = (answered_at is null)))`);
    this.addSql(`alter table request_suggestion add constraint request_suggestion_request_id_foreign
      foreign key (request_id) references permission_request (id)`);
    this.addSql(
      `create unique index request_suggestion_open_unique on request_suggestion (request_id) where answer is null`,
    );
    this.addSql(`create index request_suggestion_request_id_index on request_suggestion (request_id)`);
    this.addSql(`revoke delete, truncate on request_suggestion from edlink_app`);

    // The day up to which requests follow what begins and ends by time; one row.
    this.addSql(`create table followed_day (
      name text primary key,
      day date not null)`);
    this.addSql(
      `insert into followed_day (name, day) values ('routing', (now() at time zone 'America/Chicago')::date)`,
    );
    this.addSql(`revoke insert, delete, truncate on followed_day from edlink_app`);
  }
}
