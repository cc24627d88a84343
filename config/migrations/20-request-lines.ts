import { Migration } from '@mikro-orm/migrations';

/** A request holds what one person wants, at many places and in many applications; each line says what and where. */
export class M20RequestLines extends Migration {
  override up(): void {
    this.addSql(`alter table request_line add application text null, add role text null, add level text null,
      add code text null, add system_code text null, add settled_version int null`);
    this.addSql(`update request_line l set application = r.application, role = r.role, level = r.level, code = r.code,
      system_code = r.system_code from permission_request r where r.id = l.request_id`);
    this.addSql(`alter table request_line alter application set not null, alter role set not null,
      alter level set not null, alter code set not null, alter system_code set not null`);
    this.addSql(`alter table request_line drop constraint request_line_permission_unique`);
    this.addSql(`alter table request_line add constraint request_line_asked_unique
      unique (request_id, application, role, permission, level, code)`);
    // The indexes over these columns go with them.
    this.addSql(`alter table permission_request drop application, drop role, drop level, drop code, drop system_code`);
    this.addSql(`create index request_line_system_code_index on request_line (system_code)`);
    this.addSql(`create index request_line_place_index on request_line (code, level)`);
  }
}
