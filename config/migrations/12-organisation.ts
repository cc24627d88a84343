import { Migration } from '@mikro-orm/migrations';

export class M12Organisation extends Migration {
  override up(): void {}
}
