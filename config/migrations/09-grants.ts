import { Migration } from '@mikro-orm/migrations';

export class M09Grants extends Migration {
  override up(): void {
    this.addSql(`create table access_grant (
      id uuid primary key,
      account_id uuid not null,
      staff_member_id uuid not null,
      application text not null,
      role text not null,
      permission text not null,
      level text not null,
      code text not null,
      system_code text not null,
      from_at timestamptz not null,
      to_at timestamptz null,
      ended_at timestamptz null,
      end_reason text null,
      request_line_id uuid null,
      given_at timestamptz not null)`);
    this.addSql(`create index access_grant_account_id_index on access_grant (account_id)`);
    // A permission is held once, and one role only per person, application and location (CO-5). Two coordinators who
    // act in the same instant are stopped here, whatever the code above believed.
    this.addSql(`alter table access_grant add constraint access_grant_held_once exclude using gist (
      staff_member_id with =, application with =, role with =, permission with =, level with =, code with =,
      tstzrange(from_at, to_at) with &&) where (ended_at is null)`);
    this.addSql(`alter table access_grant add constraint access_grant_one_role exclude using gist (
      staff_member_id with =, application with =, level with =, code with =, role with <>,
      tstzrange(from_at, to_at) with &&) where (ended_at is null)`);
    // A grant is ended, never removed.
    this.addSql(`revoke delete, truncate on access_grant from edlink_app`);
  }
}
