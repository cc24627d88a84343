import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#settings';
import { parse } from 'yaml';

/** Clients that let in only people with a permission, each with the applications that count. */
const clients = parse(readFileSync(join(projectRoot, 'config/clients.yaml'), 'utf8')) as Record<
  string,
  { applications?: string[] }
>;
const entitling = Object.entries(clients).flatMap(([client, { applications = [] }]) =>
  applications.map((application) => `('${client}', '${application}')`),
);

/** When a token was issued; whole seconds, so one second of doubt. */
const issued = `to_timestamp((t.payload ->> 'iat')::float8)`;

/**
 * What must be true of people, tokens, messages, signals and imports at any moment, as SQL that finds the rows which break
 * it.
 */
export const peopleInvariants: Record<string, string> = {
  'I7 an account is one person at a time, and a person one account': `
    select min(id::text) as id from staff_link where ended_at is null group by account_id having count(*) > 1
    union all select min(id::text) from staff_link where ended_at is null group by staff_member_id having count(*) > 1`,
  'I7 a Staff ID is one person’s for ever': `
    select min(id::text) as id from staff_member group by staff_id having count(*) > 1`,
  'I8 no token was issued to an account that is closed, after it was': `
    select t.id from oidc_artifact t join account a on a.id = t.account_id and a.status <> 'active'
    where t.kind in ('AuthorizationCode', 'RefreshToken', 'AccessToken')
      and ${issued} > a.sessions_ended_at + interval '1 second'`,
  'I8 no token was issued for an application without a permission in it': `
    select t.id from oidc_artifact t
    where t.kind in ('AuthorizationCode', 'RefreshToken', 'AccessToken')
      and t.client_id in (select client from (values ${entitling.join()}) as entitled (client, application))
      and not exists (select 1 from (values ${entitling.join()}) as entitled (client, application)
        join grant_version v on v.application = entitled.application and v.account_id = t.account_id and v.state = 'active'
        where entitled.client = t.client_id and v.from_at <= ${issued} + interval '1 second' and coalesce(v.to_at >= ${issued}, true)
          and v.recorded_at <= ${issued} + interval '1 second' and coalesce(v.superseded_at >= ${issued}, true))`,
  'I9 a mail that waits has a job that will send it; one that left or was given up says so': `
    with job as materialized (select key from graphile_worker.jobs where locked_at is not null or attempts < max_attempts)
    select m.id from message m left join job on job.key = m.id::text
    where m.state not in ('waiting', 'sent', 'dead') or (m.state = 'waiting' and job.key is null)
      or (m.state = 'sent') <> (m.sent_at is not null) or (m.state = 'dead' and coalesce(m.last_fault, '') = '')
      or (m.state <> 'waiting' and m.attempts < 1)`,
  'I9 a signal waits for its next try, or was confirmed, or was given up': `
    select id from signal where (sent_at is not null and dead_at is not null) or (sent_at is not null and (receipt is null or attempts < 1))
      or (dead_at is not null and attempts < 1) or (unanswered and sent_at is not null)`,
  'I12 a register file is applied whole or says how far, by two people where two are needed': `
    select id from register_change where applied_rows < 0 or applied_rows > rows
      or (applied_rows > 0) <> (applied_at is not null) or (status = 'applied' and applied_at is null)
      or (status = 'waits-for-second' and confirmed_by is null)
      or (status = 'applied' and confirmed_by is not null and confirmed_only is null and confirmed_by = applied_by)`,
  'I12 a staff file that would end many is applied after a second person said so, and once': `
    select id from staff_feed_hold where (status = 'waits') <> (answered_by is null) or answered_by = asked_by
    union all select min(id::text)::uuid from staff_feed_hold where status in ('waits', 'confirmed') group by sha256 having count(*) > 1`,
  'I12 no place has two parents, names or lives at a time': `
    select min(site_code) as id from site_parent where to_day is null group by site_code having count(*) > 1
    union all select min(code) from place_name where to_day is null group by level, code having count(*) > 1`,
};
