import { Migration } from '@mikro-orm/migrations';

/**
 * A grant is never overwritten: `access_grant` keeps what never changes, `grant_version` says when it held, and when that
 * was believed. What was believed before stays, superseded.
 */
export class M17GrantHistory extends Migration {
  override up(): void {
    this.versions();
    this.carryOver();
    for (const once of ['held_once', 'one_role'])
      this.addSql(`alter table access_grant drop constraint access_grant_${once}`);
    for (const column of ['from_at', 'to_at', 'ended_at', 'end_reason'])
      this.addSql(`alter table access_grant drop column ${column}`);
    this.constraints();
    this.uses();
  }

  private versions(): void {
    this.addSql(`create table grant_version (
      id uuid primary key,
      grant_id uuid not null constraint grant_version_grant_id_foreign references access_grant (id),
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
      state text not null,
      recorded_at timestamptz not null,
      superseded_at timestamptz null,
      cause text not null,
      reason text null,
      by_staff_member_id uuid null,
      constraint grant_version_period_check check (to_at >= from_at),
      constraint grant_version_recorded_check check (superseded_at >= recorded_at),
      constraint grant_version_state_check check (state in ('active', 'suspended')),
      constraint grant_version_cause_check check (cause in ('given', 'extended', 'renewed', 'suspended', 'resumed',
        'given-up', 'revoked', 'duty-changed', 'site-closed', 'site-moved', 'left', 'inactive', 'replaced')))`);
  }

  /** What was given and by whom, and for those that ended, what became of it; nobody recorded by whom that was. */
  private carryOver(): void {
    const columns = 'account_id, staff_member_id, application, role, permission, level, code, system_code';
    this
      .addSql(`insert into grant_version (id, grant_id, ${columns}, from_at, to_at, state, recorded_at, superseded_at, cause, by_staff_member_id)
      select gen_random_uuid(), id, ${columns}, from_at, to_at, 'active', given_at,
        case when ended_at is not null then greatest(given_at, ended_at) end, 'given',
        (select l.decided_by from request_line l where l.id = request_line_id)
      from access_grant`);
    this.addSql(`insert into grant_version (id, grant_id, ${columns}, from_at, to_at, state, recorded_at, cause, reason)
      select gen_random_uuid(), id, ${columns}, from_at, greatest(from_at, least(to_at, ended_at)), 'active',
        greatest(given_at, ended_at),
        case when end_reason = 'The account it was given to is no longer linked to this Staff ID.' then 'replaced' else 'revoked' end,
        end_reason
      from access_grant where ended_at is not null`);
  }

  private constraints(): void {
    this.addSql(`create index grant_version_grant_id_index on grant_version (grant_id)`);
    this.addSql(`create unique index grant_version_given_unique on grant_version (grant_id) where cause = 'given'`);
    this.addSql(`create index grant_version_account_index on grant_version (account_id) where superseded_at is null`);
    this.addSql(`create index grant_version_person_index on grant_version (staff_member_id)`);
    this.addSql(`create index grant_version_place_index on grant_version (code, application, from_at)`);
    // Of what is believed now: a permission is held once, and one role only per person, application and location (CO-5), and
    // so no two periods of a grant overlap. Two coordinators who act in the same instant are stopped here.
    this.addSql(`alter table grant_version add constraint grant_version_held_once exclude using gist (
      staff_member_id with =, application with =, role with =, permission with =, level with =, code with =,
      tstzrange(from_at, to_at) with &&) where (superseded_at is null)`);
    this.addSql(`alter table grant_version add constraint grant_version_one_role exclude using gist (
      staff_member_id with =, application with =, level with =, code with =, role with <>,
      tstzrange(from_at, to_at) with &&) where (superseded_at is null)`);
    // Nothing is rewritten: the identity never changes, and of a version only that it was superseded can be added.
    this.addSql(`revoke update, delete, truncate on access_grant from edlink_app`);
    this.addSql(`revoke update, delete, truncate on grant_version from edlink_app`);
    this.addSql(`grant update (superseded_at) on grant_version to edlink_app`);
  }

  /** When an account last entered an application; written as tokens are issued. */
  private uses(): void {
    this.addSql(`create table application_use (
      account_id uuid not null,
      application text not null,
      last_entered_at timestamptz not null,
      constraint application_use_pkey primary key (account_id, application))`);
    // When people last used what they hold already is not known: it counts from now.
    this.addSql(`insert into application_use (account_id, application, last_entered_at)
      select distinct account_id, application, now() from access_grant`);
    this.addSql(`create table unused_warning (
      account_id uuid not null,
      application text not null,
      since timestamptz not null,
      days int not null,
      warned_at timestamptz not null,
      constraint unused_warning_pkey primary key (account_id, application, since, days))`);
    this.addSql(`revoke update, delete, truncate on unused_warning from edlink_app`);
  }
}
