import { Migration } from '@mikro-orm/migrations';

export class M28AbandonedMail extends Migration {
  override up(): void {
    this.addSql(`alter table message add column abandoned smallint not null default 0`);
  }
}
