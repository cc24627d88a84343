import { Migration } from '@mikro-orm/migrations';

export class M05Sites extends Migration {
  override up(): void {}
}
