import { Migration } from '@mikro-orm/migrations';

export class M09Grants extends Migration {
  override up(): void {}
}
