import { createHash } from 'node:crypto';
import pg from 'pg';

export interface SeedSize {
  /** People beside those who asked and the coordinators. */
  others?: number;
  /** Rows of permission_request. */
  requests: number;
  /** How many of them, the newest, are open. */
  open: number;
  /** School systems, each with two coordinators, who share the requests evenly. */
  systems: number;
}

/** Accounts of people a list is shown to. */
export interface SeededPeople {
  coordinator: string;
  officer: string;
  teacher: string;
}

const id = (kind: string, n: string): string => `md5('${kind}' || ${n})::uuid`;
const sites = 20;

/**
 * Requests by the million, straight into the tables: three years of them, every fifth with three lines, the others with one;
 * 400 by each person. One in fifty went to the state desk. What is open waits for both coordinators of its system.
 * @param url of the database's owner
 */
export async function seedRequests(
  url: string,
  { requests, open, systems, others = 0 }: SeedSize,
): Promise<SeededPeople> {
  const sql = new pg.Client(url);
  await sql.connect();
  try {
    // Triggers and foreign keys hold: what they would write is written here.
    await sql.query(`set session_replication_role = replica`);
    const run = (statement: string): Promise<unknown> => sql.query(statement);
    const people = Math.ceil(requests / 400) + 2 * systems + 5 + others;
    await run(`insert into school_system (code, name, name_key, kind)
      select 'Y' || n, 'System ' || n, 'system ' || n, 'parish' from generate_series(0, ${systems - 1}) n`);
    await run(`insert into place_name (id, level, code, name, from_day)
      select gen_random_uuid(), 'system', 'Y' || n, 'System ' || n, '2020-07-01' from generate_series(0, ${systems - 1}) n`);
    await run(`insert into site (code, name, name_key, kind)
      select 'S' || n, 'School ' || n, 'school ' || n, 'school' from generate_series(0, ${systems * sites - 1}) n`);
    await run(`insert into place_name (id, level, code, name, from_day)
      select gen_random_uuid(), 'site', 'S' || n, 'School ' || n, '2020-07-01' from generate_series(0, ${systems * sites - 1}) n`);
    await run(`insert into site_parent (id, site_code, system_code, from_day)
      select gen_random_uuid(), 'S' || n, 'Y' || n / ${sites}, '2020-07-01' from generate_series(0, ${systems * sites - 1}) n`);
    await run(`insert into staff_member (id, staff_id, first_name, last_name, name_key, created_at)
      select ${id('p', 'n')}, lpad(n::text, 10, '0'), 'Robin', last, lower(last) || '|robin', now()
      from (select n, case when n % 97 = 0 then 'Quillpepper' else 'Moss' || n % 500 end as last from generate_series(0, ${people - 1}) n) s`);
    await run(`insert into account (id, user_name, user_name_key, first_name, last_name, email, email_key, status, created_at)
      select ${id('a', 'n')}, 'p' || n, 'p' || n, 'Robin', 'Moss', n || '@example.org', n || '@example.org', 'active', now()
      from generate_series(0, ${people - 1}) n`);
    await run(`insert into staff_link (id, account_id, staff_member_id, linked_at)
      select ${id('k', 'n')}, ${id('a', 'n')}, ${id('p', 'n')}, now() from generate_series(0, ${people - 1}) n`);
    // People 0 to 4 are at the state desk; then two for each system.
    const offices = 2 * systems + 5;
    await run(`insert into statement_signature (id, staff_member_id, statement, version, text_hash, signed_on, signed_at)
      select ${id('g', 'n')}, ${id('p', 'n')}, 'coordinator', '1', '', current_date - 30, now() from generate_series(0, ${offices - 1}) n`);
    await run(`insert into coordinator (id, staff_member_id, reach, system_code, from_day, created_at)
      select ${id('c', 'n')}, ${id('p', 'n')}, case when n < 5 then 'state' else 'system' end,
        case when n >= 5 then 'Y' || (n - 5) / 2 end, '2020-08-01', now() from generate_series(0, ${offices - 1}) n`);
    for (let from = 0; from < requests; from += 100_000) {
      const to = Math.min(from + 100_000, requests) - 1;
      const asked = `(select n, n >= ${requests - open} as pending, n % 50 = 7 as desk, n / 7 % ${systems} as system,
          now() - (${requests} - n) * (interval '1095 days' / ${requests}) as at from generate_series(${from}, ${to}) n) a`;
      await run(`insert into permission_request (id, reference, account_id, staff_member_id, submitted_at, form_key, form_hash)
        select ${id('r', 'n')}, 'R-' || n, ${id('a', `${offices} + n / 400`)}, ${id('p', `${offices} + n / 400`)}, at, n, '' from ${asked}`);
      await run(`insert into request_line (id, request_id, position, application, role, permission, level, code, system_code, status,
          routing, state_desk, submitted_at, decided_at, decided_by)
        select ${id('l', `n || '-' || x`)}, ${id('r', 'n')}, x, case when n % 3 = 0 then 'ser' else 'ser-iep-form' end, 'iep-form',
          'iep-form-' || x, 'site', 'S' || system * ${sites} + n % ${sites}, 'Y' || system,
          case when pending then 'pending' when n % 9 = 0 then 'rejected' when n % 19 = 0 then 'withdrawn' else 'approved' end,
          '{"deciders": [], "stateDesk": false, "reasons": []}', desk, at,
          case when not pending then at + (n % 97) * interval '3 hours' end,
          case when not pending and n % 19 > 0 then ${id('p', '5 + 2 * system')} end
        from ${asked}, generate_series(0, case when n % 5 = 0 then 2 else 0 end) x`);
      await run(`insert into request_decider (line_id, request_id, staff_member_id, coordinator_id, open_since)
        select l.id, l.request_id, ${id('p', 'who')}, ${id('c', 'who')}, case when pending then at end
        from ${asked}, generate_series(0, 1) w, lateral (select case when desk then n / 50 % 4 + w else 5 + 2 * system + w end as who) o,
          request_line l where l.request_id = ${id('r', 'n')}`);
    }
    for (const table of [
      'permission_request',
      'request_line',
      'request_decider',
      'staff_member',
      'account',
      'staff_link',
      'site',
    ])
      await run(`vacuum analyze ${table}`);
    const { rows } = await sql.query<SeededPeople>(
      `select ${id('a', '5')} as coordinator, ${id('a', '1')} as officer, ${id('a', `${offices} + 1`)} as teacher`,
    );
    return rows[0]!;
  } finally {
    await sql.end();
  }
}

/** The id a seeded row has. @param kind 'p' staff member, 'a' account, 'k' link */
export function seedId(kind: string, n: number): string {
  const hex = createHash('md5').update(`${kind}${n}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
