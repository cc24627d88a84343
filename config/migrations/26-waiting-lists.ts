import { Migration } from '@mikro-orm/migrations';

export class M26WaitingLists extends Migration {
  override up(): void {}
}
