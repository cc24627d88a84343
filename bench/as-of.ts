import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { databaseOptions } from '#database';
import { GrantHistory } from '#grants';
import { type BenchRow, inTurns, perSecond } from './bench-row.js';
import { startBenchSystem } from './bench-system.js';

const grantCount = 400_000;
const siteCount = 2_000;
const applicationCount = 20;
const questionCount = 2_000;
const rounds = 5;
const roundTime = 2_000;

interface Question {
  application: string;
  code: string;
  staffMemberId: string;
  validAt: Date;
  believedAt: Date;
}

/** B9: who had access to an application at a site on a day, as it was believed on another, among a million versions. */
export async function run(): Promise<BenchRow[]> {
  const system = await startBenchSystem();
  const orm = await MikroORM.init(databaseOptions(system.settings));
  const sql = new pg.Client(system.settings.DATABASE_URL);
  try {
    await sql.connect();
    const versions = await seed(sql);
    const questions = await questionsFrom(sql);
    const history = new GrantHistory(orm.em.fork());
    const who = ({ application, code, validAt, believedAt }: Question): Promise<unknown[]> =>
      history.whoHad({ application, location: { level: 'site', code }, validAt, believedAt });
    const person = ({ staffMemberId, validAt, believedAt }: Question): Promise<unknown[]> =>
      history.ofPerson(staffMemberId, {
        from: validAt,
        to: believedAt > validAt ? believedAt : new Date(),
        believedAt,
      });
    const baseline = async ({ application, code, validAt, believedAt }: Question): Promise<unknown[]> =>
      (await sql.query<Record<string, unknown>>(handWritten, [code, application, validAt, believedAt])).rows;

    const each = async (work: (question: Question) => Promise<unknown[]>): Promise<number> => {
      let at = 0;
      return perSecond(1, roundTime, () => work(questions[at++ % questionCount]!));
    };
    const first = await timesOf(questions, who);
    const compared = await inTurns(
      rounds,
      () => each(who),
      () => each(baseline),
    );
    const size = `${versions.toLocaleString('en-US')} versions of ${grantCount.toLocaleString('en-US')} grants`;
    return [
      row('who had access at a site, as believed on a day, p95', first, size),
      row('what a person had in a time, as believed on a day, p95', await timesOf(questions, person), size),
      {
        id: 'B9',
        name: 'such questions a second : the same in hand-written SQL',
        ...compared,
        goal: 'at least 0.9',
        note: 'one after the other; the statement is the same, the answer is made into objects',
      },
    ];
  } finally {
    await sql.end();
    await orm.close();
    await system.stop();
  }
}

const handWritten = `select grant_id, account_id, staff_member_id, application, role, permission, level, code, system_code,
    from_at, to_at, state, cause, reason, recorded_at, by_staff_member_id
  from grant_version where code = $1 and application = $2 and level = 'site' and state = 'active'
    and from_at <= $3 and (to_at is null or to_at > $3) and recorded_at <= $4 and (superseded_at is null or superseded_at > $4)
  order by staff_member_id, application, code, permission, from_at`;

function row(name: string, { times, found }: { times: number[]; found: number }, size: string): BenchRow {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number): string => `${sorted[Math.floor(sorted.length * share)]!.toFixed(2)} ms`;
  return {
    id: 'B9',
    name,
    ours: at(0.95),
    baseline: '-',
    goal: 'p95 under 50 ms',
    note: `${size}; median ${at(0.5)}, longest ${sorted.at(-1)!.toFixed(1)} ms; ${Math.round(found / times.length)} found on average`,
  };
}

async function timesOf(
  questions: Question[],
  work: (question: Question) => Promise<unknown[]>,
): Promise<{ times: number[]; found: number }> {
  const times: number[] = [];
  let found = 0;
  for (const question of questions) {
    const at = performance.now();
    found += (await work(question)).length;
    times.push(performance.now() - at);
  }
  return { times, found };
}

/** Few sites with very many grants, as large schools and central offices have; asked of as often as they have grants. */
async function questionsFrom(sql: pg.Client): Promise<Question[]> {
  const { rows } = await sql.query<Question>(
    `select application, code, staff_member_id as "staffMemberId", from_at + random() * interval '900 days' as "validAt",
       from_at + random() * interval '900 days' as "believedAt"
     from grant_version where level = 'site' and cause = 'given' and random() < 0.02 limit ${questionCount}`,
  );
  return rows;
}

/**
 * Each grant was given, then given an end; every second was revoked before it. The constraints against overlaps are left out:
 * they are not asked, and slow the loading.
 */
async function seed(sql: pg.Client): Promise<number> {
  for (const once of ['held_once', 'one_role'])
    await sql.query(`alter table grant_version drop constraint grant_version_${once}`);
  const columns = 'account_id, staff_member_id, application, role, permission, level, code, system_code';
  await sql.query(
    `insert into access_grant (id, ${columns}, given_at)
     select gen_random_uuid(), md5('a' || n / 4)::uuid, md5('s' || n / 4)::uuid, 'app-' || n % ${applicationCount}, 'role', 'permission-' || n % 3,
       case when n % 10 = 0 then 'system' else 'site' end,
       case when n % 10 = 0 then 'Y' || n / 10 % 200 else 'S' || floor(${siteCount} * random() ^ 2) end, 'Y' || n % 200,
       now() - random() * interval '1500 days' - interval '60 days'
     from generate_series(0, ${grantCount - 1}) n`,
  );
  const version = (cause: string, to: string, recorded: string, superseded: string, where: string): string =>
    `insert into grant_version (id, grant_id, ${columns}, from_at, to_at, state, recorded_at, superseded_at, cause)
     select gen_random_uuid(), id, ${columns}, given_at, ${to}, 'active', ${recorded}, ${superseded}, '${cause}' from access_grant where ${where}`;
  const every = (days: number): string => `given_at + interval '${days} days'`;
  const revoked = `right(id::text, 1) < '8'`;
  await sql.query(version('given', 'null', 'given_at', every(20), 'true'));
  await sql.query(version('extended', every(600), every(20), `case when ${revoked} then ${every(50)} end`, 'true'));
  await sql.query(version('revoked', every(50), every(50), 'null', revoked));
  await sql.query('analyze grant_version');
  const { rows } = await sql.query<{ n: number }>('select count(*)::int as n from grant_version');
  return rows[0]!.n;
}
