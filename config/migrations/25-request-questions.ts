import { Migration } from '@mikro-orm/migrations';

/** A coordinator asks back; while a question is open the clock of its lines stands still. */
export class M25RequestQuestions extends Migration {
  override up(): void {
    this.addSql(`create table request_question (
      id uuid primary key,
      request_id uuid not null,
      asked_by uuid not null,
      question text not null,
      asked_at timestamptz not null,
      answer text null,
      answered_at timestamptz null,
      answered_version int null,
      constraint request_question_answered_check check ((answer is null) = (answered_at is null)))`);
    this.addSql(`alter table request_question add constraint request_question_request_id_foreign
      foreign key (request_id) references permission_request (id)`);
    this.addSql(`create index request_question_request_id_index on request_question (request_id)`);
    this.addSql(`revoke delete, truncate on request_question from edlink_app`);

    // Open while closed_at is empty and the line is pending: whatever settles a line ends its question.
    this.addSql(`create table request_question_line (
      question_id uuid not null,
      line_id uuid not null,
      closed_at timestamptz null,
      primary key (question_id, line_id))`);
    this.addSql(`alter table request_question_line add constraint request_question_line_question_id_foreign
      foreign key (question_id) references request_question (id)`);
    this.addSql(`alter table request_question_line add constraint request_question_line_line_id_foreign
      foreign key (line_id) references request_line (id)`);
    this.addSql(`create unique index request_question_line_open_unique on request_question_line (line_id)
      where closed_at is null`);
    this.addSql(`revoke delete, truncate on request_question_line from edlink_app`);

    this.addSql(`alter table request_clock drop constraint request_clock_what_check`);
    this.addSql(`alter table request_clock add constraint request_clock_what_check
      check (what in ('reminded', 'passed-on', 'asked', 'answered', 'approved', 'expired'))`);
  }
}
