import { Migration } from '@mikro-orm/migrations';

export class M22RequestTerms extends Migration {
  override up(): void {}
}
