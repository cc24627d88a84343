import { Migration } from '@mikro-orm/migrations';

export class M18Signals extends Migration {
  override up(): void {}
}
