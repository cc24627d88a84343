import pg from 'pg';
import { migrations } from '../../config/migrations/index.js';
import { runCommand } from '../support/commands.js';
import { freshDatabase } from '../support/database.js';
import { testSettings } from '../support/settings.js';

describe("the administrator's command line", () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database?.drop());
  const run = (...argv: string[]) => runCommand(testSettings(database.url), argv);

  it('tells what there is', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect(out).toContain('npm run jobs --');
    for (const name of ['work', 'migrate', 'import-sites', 'import-staff', 'rotate-signing-key'])
      expect(out).toMatch(new RegExp(`^ +${name}\\b.* {2}\\S`, 'm'));
  });

  it('every command has a help of its own', async () => {
    for (const name of ['work', 'migrate', 'import-sites', 'import-staff', 'rotate-signing-key']) {
      const { code, out } = await run(name, '--help');
      expect({ name, code, out }).toEqual({
        name,
        code: 0,
        out: expect.stringContaining(`Usage: npm run jobs -- ${name}`),
      });
    }
  });

  it.each([[['unknown']], [['migrate', '--unknown']], [['import-sites']], [[]]])(
    'answers wrong usage with 2 and one hint: %j',
    async (argv) => {
      const { code, err } = await run(...argv);
      expect(code).toBe(2);
      expect(err).toMatch(/error: |Usage: /);
      expect(err).not.toMatch(/^ +at /m);
    },
  );

  it('migrate may run again', async () => {
    expect(await run('migrate')).toEqual({ code: 0, out: 'The database was at this version already.\n', err: '' });
  });

  it('migrate makes everything in an empty database', async () => {
    const empty = await freshDatabase();
    const client = new pg.Client(empty.url);
    await client.connect();
    await client.query('drop schema public cascade; drop schema graphile_worker cascade; create schema public');
    await client.end();
    const { code, out } = await runCommand(testSettings(empty.url), ['migrate']);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual([
      ...migrations.map(({ name }) => `applied ${name}`),
      'The database is at this version now.',
    ]);
    await empty.drop();
  });

  it('tells a failure in one line, with 1', async () => {
    const { code, err } = await runCommand(testSettings('postgres://nobody@127.0.0.1:1/none'), ['migrate']);
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('ECONNREFUSED');
  });
});
