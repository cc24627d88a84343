import { Migration } from '@mikro-orm/migrations';

/**
 * The role apps work as. It gets rows, never tables: what a stolen connection can do ends at DML (IN-3), and at
 * INSERT and SELECT for the audit log. Roles belong to the whole cluster, so it may exist already.
 */
export class M01Roles extends Migration {
  override up(): void {
    this.addSql(`do $$ begin
      create role edlink_app nologin;
    exception when duplicate_object or unique_violation then null; end $$`);
    this.addSql(`do $$ begin
      execute format('grant edlink_app to %I', current_user);
    exception when others then null; end $$`);
    this.addSql(`grant usage on schema public to edlink_app`);
    this.addSql(
      `alter default privileges in schema public grant select, insert, update, delete on tables to edlink_app`,
    );
    this.addSql(`alter default privileges in schema public grant usage, select on sequences to edlink_app`);
    this.addSql(`create extension if not exists btree_gist`);
  }
}
