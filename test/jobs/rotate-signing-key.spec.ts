import pg from 'pg';
import { freshDatabase } from '../support/database.js';
import { runCommand } from '../support/commands.js';
import { testSettings } from '../support/settings.js';

describe('rotate-signing-key', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let sql: pg.Client;
  beforeAll(async () => {
    database = await freshDatabase();
    sql = new pg.Client(database.url);
    await sql.connect();
  });
  afterAll(async () => {
    await sql?.end();
    await database?.drop();
  });

  const keys = async (): Promise<{ kid: string; coming: boolean; retired: boolean }[]> =>
    (
      await sql.query(
        `select kid, active_from > now() as coming, retired_at is not null as retired from signing_key order by created_at`,
      )
    ).rows as never;

  it('TK-4 publishes a new key that signs in an hour, and writes who did it', async () => {
    const settings = testSettings(database.url);
    const { code, out, err } = await runCommand(settings, ['rotate-signing-key']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [key] = await keys();
    expect(out).toContain(key!.kid);
    expect(key).toMatchObject({ coming: true, retired: false });
    await runCommand(settings, ['rotate-signing-key']);
    expect((await keys()).map((one) => one.retired)).toEqual([true, false]);
    const { rows } = await sql.query(`select client, after from audit_entry where action = 'signing-key.rotate'`);
    expect(rows).toHaveLength(2);
  });

  it('TK-4 withdraws every other key when one became known', async () => {
    const { code, out } = await runCommand(testSettings(database.url), ['rotate-signing-key', '--withdraw']);
    expect(code).toBe(0);
    expect(out).toContain('withdrawn');
    expect((await keys()).map((one) => [one.coming && !one.retired, one.retired])).toEqual([
      [false, true],
      [false, true],
      [false, false],
    ]);
  });
});
