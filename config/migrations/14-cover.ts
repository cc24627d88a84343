import { Migration } from '@mikro-orm/migrations';

export class M14Cover extends Migration {
  override up(): void {}
}
