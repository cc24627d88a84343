import { Migration } from '@mikro-orm/migrations';

/** For how long something is asked for, what is given where it is less, and what a request asks for again or longer. */
export class M22RequestTerms extends Migration {
  override up(): void {
    this.addSql(`alter table permission_request add may_narrow boolean not null default false`);
    this.addSql(`create index permission_request_replaces_id_index on permission_request (replaces_id)
      where replaces_id is not null`);

    this.addSql(`alter table request_line add from_day date null, add to_day date null,
      add extends_grant_id uuid null,
      add granted_permission text null, add granted_to_day date null`);
    this.addSql(`alter table request_line add constraint request_line_period_check check (to_day > from_day)`);
    this.addSql(`alter table request_line add constraint request_line_narrower_check check (granted_to_day <= to_day)`);
    this.addSql(`alter table request_line add constraint request_line_extends_check
      check (extends_grant_id is null or (to_day is not null and from_day is null and granted_permission is null))`);

    // Less than was asked for, offered by one who decides; open while nobody answered and the line is pending.
    this.addSql(`create table line_offer (
      id uuid primary key,
      line_id uuid not null constraint line_offer_line_id_foreign references request_line (id),
      by_staff_member_id uuid not null,
      permission text null,
      to_day date null,
      reason text null,
      offered_at timestamptz not null,
      version int not null,
      answer text null,
      answered_at timestamptz null,
      constraint line_offer_less_check check (permission is not null or to_day is not null),
      constraint line_offer_answer_check check (answer in ('accepted', 'declined', 'replaced')),
      constraint line_offer_answered_check check ((answer is null) = (answered_at is null)))`);
    this.addSql(`create index line_offer_line_id_index on line_offer (line_id)`);
    this.addSql(`create unique index line_offer_open_unique on line_offer (line_id) where answer is null`);
    this.addSql(`revoke delete, truncate on line_offer from edlink_app`);
  }
}
