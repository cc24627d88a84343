import { Migration } from '@mikro-orm/migrations';

export class M07Staff extends Migration {
  override up(): void {}
}
