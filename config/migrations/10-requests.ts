import { Migration } from '@mikro-orm/migrations';

export class M10Requests extends Migration {
  override up(): void {}
}
