import { Migration } from '@mikro-orm/migrations';

export class M16Rerouting extends Migration {
  override up(): void {}
}
