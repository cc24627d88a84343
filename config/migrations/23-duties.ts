import { Migration } from '@mikro-orm/migrations';

export class M23Duties extends Migration {
  override up(): void {}
}
