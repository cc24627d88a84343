import { Migration } from '@mikro-orm/migrations';

export class M27EndingAccess extends Migration {
  override up(): void {
    // Somebody was told that a grant ends at that instant, so many days before: once for each step.
    this.addSql(`create table ending_notice (
      grant_id uuid not null,
      to_at timestamptz not null,
      days int not null,
      told_at timestamptz not null,
      primary key (grant_id, to_at, days))`);
    this.addSql(`alter table ending_notice add constraint ending_notice_grant_id_foreign
      foreign key (grant_id) references access_grant (id)`);
    this.addSql(`revoke update, delete, truncate on ending_notice from edlink_app`);
    this.addSql(`create index grant_version_ends_index on grant_version (to_at) where superseded_at is null`);
    // Lists of people by name go on where the page before ended.
    this.addSql(`create index staff_member_name_index on staff_member (name_key, id)`);
  }
}
