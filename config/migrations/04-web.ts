import { Migration } from '@mikro-orm/migrations';

export class M04Web extends Migration {
  override up(): void {}
}
