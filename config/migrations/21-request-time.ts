import { Migration } from '@mikro-orm/migrations';

export class M21RequestTime extends Migration {
  override up(): void {
    this.addSql(`alter table request_line drop constraint request_line_status_check`);
    this.addSql(`alter table request_line add constraint request_line_status_check
      check (status in ('pending', 'approved', 'rejected', 'withdrawn', 'expired'))`);

    // What time did to a line. The key is what keeps it from being done twice.
    this.addSql(`create table request_clock (
      line_id uuid not null,
      what text not null,
      step int not null,
      nth int not null,
      at timestamptz not null,
      passed_row int null,
      primary key (line_id, what, step, nth),
      constraint request_clock_what_check check (what in ('reminded', 'passed-on', 'expired')),
      constraint request_clock_row_check check ((what = 'passed-on') = (passed_row is not null)))`);
    this.addSql(`alter table request_clock add constraint request_clock_line_id_foreign
      foreign key (line_id) references request_line (id)`);
    this.addSql(`revoke update, delete, truncate on request_clock from edlink_app`);

    this.addSql(`insert into followed_day (name, day)
      select name, (now() at time zone 'America/Chicago')::date - 1 from unnest(array['time', 'reminders']) as name`);
  }
}
