import { Migration } from '@mikro-orm/migrations';

export class M15CoordinatorLife extends Migration {
  override up(): void {}
}
