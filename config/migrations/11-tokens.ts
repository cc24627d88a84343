import { Migration } from '@mikro-orm/migrations';

export class M11Tokens extends Migration {
  override up(): void {}
}
