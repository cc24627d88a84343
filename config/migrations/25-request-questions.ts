import { Migration } from '@mikro-orm/migrations';

export class M25RequestQuestions extends Migration {
  override up(): void {}
}
