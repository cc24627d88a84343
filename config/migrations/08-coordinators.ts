import { Migration } from '@mikro-orm/migrations';

export class M08Coordinators extends Migration {
  override up(): void {}
}
