import { Migration } from '@mikro-orm/migrations';

/**
 * The organisation, dated: names and codes by level, serving links, earlier lives, mergers. Days are half-open, and no
 * two periods of one thing overlap, whoever writes; a period that ends on its first day never held.
 */
export class M12Organisation extends Migration {
  override up(): void {
    this.names();
    this.addSql(`drop index site_parent_current_unique`);
    this.once('site_parent', 'site_code with =');
    this.serving();
    this.codes();
    this.lives();
    for (const table of ['site_parent', 'place_name', 'site_serving', 'place_code', 'place_life', 'site_merger'])
      this.addSql(`revoke delete, truncate on ${table} from edlink_app`);
  }

  private names(): void {
    this.addSql(`drop index place_name_current_unique`);
    this.addSql(`drop index place_name_code_index`);
    this.addSql(`alter table place_name add column level text null`);
    this.addSql(
      `update place_name set level = case when exists (select 1 from site where site.code = place_name.code) then 'site' else 'system' end`,
    );
    this.addSql(`alter table place_name alter column level set not null`);
    this.addSql(`create index place_name_place_index on place_name (level, code)`);
    this.once('place_name', 'level with =, code with =');
  }

  private serving(): void {
    this.addSql(`create table site_serving (
      id uuid primary key,
      site_code text not null constraint site_serving_site_code_foreign references site (code),
      system_code text not null constraint site_serving_system_code_foreign references school_system (code),
      from_day date not null,
      to_day date null)`);
    this.addSql(`create index site_serving_site_code_index on site_serving (site_code)`);
    this.addSql(`create index site_serving_system_code_index on site_serving (system_code)`);
    this.once('site_serving', 'site_code with =');
  }

  /** Codes other files know a place by; the federal code of a site moves here. */
  private codes(): void {
    this.addSql(`create table place_code (
      id uuid primary key,
      level text not null,
      code text not null,
      scheme text not null,
      value text not null,
      from_day date not null,
      to_day date null)`);
    this.addSql(`create index place_code_place_index on place_code (level, code)`);
    this.addSql(`insert into place_code (id, level, code, scheme, value, from_day)
      select gen_random_uuid(), 'site', code, 'federal', federal_code, coalesce(opened_on, current_date)
      from site where federal_code is not null`);
    this.once('place_code', 'level with =, code with =, scheme with =');
    this.addSql(`alter table site drop column federal_code`);
  }

  private lives(): void {
    this.addSql(`create table place_life (
      id uuid primary key,
      level text not null,
      code text not null,
      from_day date null,
      to_day date not null)`);
    this.addSql(`create index place_life_place_index on place_life (level, code)`);
    this.once('place_life', 'level with =, code with =');
    this.addSql(`create table site_merger (
      id uuid primary key,
      site_code text not null constraint site_merger_site_code_foreign references site (code),
      into_code text not null constraint site_merger_into_code_foreign references site (code),
      on_day date not null)`);
    this.addSql(`create unique index site_merger_unique on site_merger (site_code, on_day)`);
    this.addSql(`create index site_merger_into_code_index on site_merger (into_code)`);
  }

  private once(table: string, key: string): void {
    this.addSql(
      `alter table ${table} add constraint ${table}_once exclude using gist (${key}, daterange(from_day, to_day) with &&)`,
    );
  }
}
