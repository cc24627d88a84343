import { MikroORM } from '@mikro-orm/postgresql';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { databaseOptions } from '#database';
import { testSettings } from '../../../test/support/settings.js';

describe('grants from before there was a history', () => {
  const server = new URL(process.env.EDLINK_TEST_SERVER!);
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  let admin: pg.Client;
  let orm: MikroORM;

  beforeAll(async () => {
    admin = new pg.Client(server.href);
    await admin.connect();
    await admin.query(`create database ${name}`);
    orm = await MikroORM.init(databaseOptions(testSettings(url.href), 'owner'));
    await orm.migrator.up({ to: 'M16Rerouting' });
  });
  afterAll(async () => {
    await orm?.close();
    await admin?.query(`drop database if exists ${name} with (force)`);
    await admin?.end();
  });

  it('are all there, with what was first believed and what became of them', async () => {
    const em = orm.em.fork();
    const given = async (place: string, toAt: string | null, endedAt: string | null, why: string | null) =>
      em.getConnection().execute(
        `insert into access_grant (id, account_id, staff_member_id, application, role, permission, level, code, system_code, from_at, to_at, ended_at, end_reason, given_at)
         values (gen_random_uuid(), md5('a')::uuid, md5('s')::uuid, 'ser', 'ser-data', 'ser-data-reader', 'site', ?, '001', '2026-01-01Z', ?, ?, ?, '2026-01-01Z')`,
        [place, toAt, endedAt, why],
      );
    const unlinked = 'The account it was given to is no longer linked to this Staff ID.';
    await given('1 lives', null, null, null);
    await given('2 lives until', '2027-01-01Z', null, null);
    await given('3 was ended', null, '2026-03-01Z', 'Duties changed');
    await given('4 was ended early', '2027-01-01Z', '2026-03-01Z', unlinked);
    await given('5 ran out first', '2026-02-01Z', '2026-03-01Z', 'Late');
    await orm.migrator.up({ to: 'M17GrantHistory' });
    const day = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD') as ${column}`;
    const rows = await em.getConnection().execute<Record<string, string>[]>(
      `select v.code, v.cause, ${['v.from_at', 'v.to_at', 'v.recorded_at', 'v.superseded_at'].map((one) => day(one).replace('as v.', 'as ')).join()}, v.reason
       from grant_version v join access_grant g on g.id = v.grant_id and g.staff_member_id = v.staff_member_id order by v.code, v.recorded_at`,
    );
    const row = (
      code: string,
      cause: string,
      to: string | null,
      superseded: string | null,
      recorded = '2026-01-01',
      reason: string | null = null,
    ) => ({
      code,
      cause,
      from_at: '2026-01-01',
      to_at: to,
      recorded_at: recorded,
      superseded_at: superseded,
      reason,
    });
    const ended = '2026-03-01';
    expect(rows).toEqual([
      row('1 lives', 'given', null, null),
      row('2 lives until', 'given', '2027-01-01', null),
      row('3 was ended', 'given', null, ended),
      row('3 was ended', 'revoked', ended, null, ended, 'Duties changed'),
      row('4 was ended early', 'given', '2027-01-01', ended),
      row('4 was ended early', 'replaced', ended, null, ended, unlinked),
      row('5 ran out first', 'given', '2026-02-01', ended),
      row('5 ran out first', 'revoked', '2026-02-01', null, ended, 'Late'),
    ]);
  });
});
