import { Migration } from '@mikro-orm/migrations';

export class M17GrantHistory extends Migration {
  override up(): void {}
}
