import { Migration } from '@mikro-orm/migrations';

export class M24RepeatedForms extends Migration {
  override up(): void {
    // What a form did that may be sent again: rows live a day. The key of the table is the guard against doing it twice.
    this.addSql(`create table repeated_form (
      account_id uuid not null,
      key uuid not null,
      route text not null,
      body_hash char(64) not null,
      status smallint null,
      location text null,
      at timestamptz not null,
      primary key (account_id, key, route))`);
    this.addSql(`create index repeated_form_at_index on repeated_form (at)`);
  }
}
