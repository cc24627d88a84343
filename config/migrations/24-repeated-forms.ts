import { Migration } from '@mikro-orm/migrations';

export class M24RepeatedForms extends Migration {
  override up(): void {}
}
