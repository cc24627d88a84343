import { Migration } from '@mikro-orm/migrations';

export class M06Accounts extends Migration {
  override up(): void {}
}
