import { Migration } from '@mikro-orm/migrations';

/**
 * What long lists are ordered by stands in the rows they are read from, so that an index gives them page by page. The
 * copies are kept by triggers: a line's moment is that of its request, and a decider is one of something open as long as
 * the line is.
 */
export class M26WaitingLists extends Migration {
  override up(): void {
    this.addSql(`alter table request_line add submitted_at timestamptz null`);
    this.addSql(
      `update request_line l set submitted_at = r.submitted_at from permission_request r where r.id = l.request_id`,
    );
    this.addSql(`alter table request_line alter submitted_at set not null`);
    this.addTrigger('request_line', 'sent', 'before insert', '', lineSent);
    this.addSql(`create index request_line_open_index on request_line (system_code, submitted_at, request_id)
      where status = 'pending'`);
    this.addSql(`create index request_line_desk_index on request_line (submitted_at, request_id)
      where status = 'pending' and state_desk`);
    this.addSql(
      `create index request_line_decided_index on request_line (decided_at, system_code, submitted_at, status) where decided_by is not null`,
    );

    this.addSql(`alter table request_decider add request_id uuid null, add open_since timestamptz null`);
    this.addSql(`update request_decider d set request_id = l.request_id,
      open_since = case when l.status = 'pending' then l.submitted_at end from request_line l where l.id = d.line_id`);
    this.addSql(`alter table request_decider alter request_id set not null`);
    this.addTrigger('request_decider', 'opened', 'before insert', '', deciderOpened);
    const settling = 'when (old.status is distinct from new.status)';
    this.addTrigger('request_line', 'settled', 'after update', settling, lineSettled);
    this.addSql(`drop index request_decider_staff_member_id_index`);
    this.addSql(`create index request_decider_waiting_index on request_decider (staff_member_id, open_since, request_id)
      where open_since is not null`);
    this.addSql(`create index request_decider_office_index on request_decider (coordinator_id, staff_member_id)
      where open_since is not null`);

    this.addSql(`create index permission_request_mine_index on permission_request (staff_member_id, submitted_at, id)`);
    this.addSql(`drop index permission_request_staff_member_id_index`);
    this.addSql(`drop index message_recipient_index`);
    this.addSql(`create index message_recipient_index on message (recipient_id, queued_at, id)`);
    this.addSql(`create index message_unread_index on message (recipient_id) where read_at is null`);
  }

  /** Named as MikroORM names them, which compares the bodies with those of the entities. */
  private addTrigger(table: string, name: string, moment: string, when: string, body: string): void {
    const called = `${table}_${name}_fn()`;
    this.addSql(`create function ${called} returns trigger as $$ begin ${body} end; $$ language plpgsql`);
    this.addSql(`create trigger ${name} ${moment} on ${table} for each row ${when} execute function ${called}`);
  }
}

const lineSent = `select r.submitted_at into new.submitted_at from permission_request r where r.id = new.request_id; return new;`;

const deciderOpened = `select l.request_id, case when l.status = 'pending' then l.submitted_at end into new.request_id, new.open_since from request_line l where l.id = new.line_id; return new;`;

const lineSettled = `update request_decider set open_since = case when new.status = 'pending' then new.submitted_at end where line_id = new.id; return null;`;
