import { Migration } from '@mikro-orm/migrations';

export class M13Register extends Migration {
  override up(): void {}
}
