import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { AuditModule } from '#audit';
import { databaseOptions } from '#database';
import { KernelModule } from '#kernel';
import { RegisterChanges, SitesModule } from '#sites';
import { runCommand } from '../support/commands.js';
import { freshDatabase } from '../support/database.js';
import { testSettings } from '../support/settings.js';

const louisiana = join(process.env.EDLINK_SHARED ?? '../shared', 'data/louisiana');
const realIt = existsSync(louisiana) ? it : it.skip;
const demo = (name: string): string => join('apps/local/demo', name);

describe('import-sites and import-staff', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let client: pg.Client;
  let settings: ReturnType<typeof testSettings>;
  const folder = mkdtempSync(join(tmpdir(), 'edlink-import-'));
  beforeAll(async () => {
    database = await freshDatabase();
    settings = testSettings(database.url); // one for all: birth dates are hashed with its secret
    client = new pg.Client(database.url);
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
    rmSync(folder, { recursive: true });
  });
  const run = (...argv: string[]) => runCommand(settings, argv);
  const count = async (what: string): Promise<number> =>
    Number((await client.query(`select count(*) from ${what}`)).rows[0].count);
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  /** Somebody of the state office applies a change that the command waits with. */
  const secondPerson = async (changeId: string): Promise<void> => {
    const app = await Test.createTestingModule({
      imports: [
        KernelModule.with(settings),
        MikroOrmModule.forRoot(databaseOptions(settings)),
        AuditModule,
        SitesModule,
      ],
    }).compile();
    await app.init();
    const somebody = { client: 'portal', accountId: '00000000-0000-4000-8000-000000000001' } as const;
    expect(await app.get(RegisterChanges).apply(somebody, changeId)).toMatchObject({ status: 'applied' });
    await app.close();
  };

  it('the demo register and staff: previewed, applied, and the second time nothing changes', async () => {
    const preview = await run('import-sites', demo('sites.csv'));
    expect(preview).toEqual({
      code: 0,
      err: '',
      out: expect.stringMatching(
        /Systems: 76 new[^]*Open afterwards: 76 systems, [^]*Only a preview; --apply writes it/,
      ),
    });
    expect(await count('site')).toBe(0);
    expect((await run('import-sites', demo('sites.csv'), '--apply', '--effective', '2019-07-01')).out).toMatch(
      /Applied\.\n$/,
    );
    expect((await run('import-sites', demo('sites.csv'))).out).toMatch(/there is nothing to apply\.\n$/);
    expect((await run('import-sites', demo('sites.csv'), '--apply')).out).toMatch(/nothing was changed\.\n$/);
    const staff = await run('import-staff', demo('staff.csv'), '--apply');
    expect(staff).toEqual({ code: 0, err: '', out: expect.stringMatching(/ 0 refused[^]*Applied\.\n$/) });
    expect((await run('import-staff', demo('staff.csv'), '--apply')).out).toMatch(/nothing was changed\.\n$/);
    expect(
      (await client.query(`select system_code from site_parent where site_code like '395%'`)).rows.map(
        (row) => row.system_code,
      ),
    ).toEqual(Array(8).fill('R36'));
  });

  realIt(
    'the real registers of 2019 and 2022 go on top of the demo; its nonpublic and early-childhood places stay (skipped without ../shared)',
    async () => {
      for (const year of [2019, 2022]) {
        const { code, err, out } = await run('import-sites', join(louisiana, `la_public_sites_${year}.csv`), '--apply');
        expect({ code, err, last: out.split('\n').at(-2) }).toEqual({
          code: 0,
          err: '',
          last: expect.stringMatching(
            /^This is one of two persons\. Somebody of the state office has to look and apply it: \/state\/register\//,
          ),
        });
        await secondPerson(out.trim().split('/').at(-1)!);
      }
      const again = await run('import-sites', join(louisiana, 'la_public_sites_2022.csv'), '--apply');
      expect(again.out).toMatch(
        /Sites: {3}0 new, 0 reopened, 0 renamed, 0 moved, 0 served, 0 changed, 0 gone\n[^]*nothing was changed/,
      );
      const nonpublic = `where closed_on is null and left(code, 3) in ('501', '6A7', 'E01')`;
      expect(await count(`site where closed_on is null`)).toBe(1392 + (await count(`site ${nonpublic}`)));
      expect(await count(`school_system where closed_on is null`)).toBe(80 + 3);
      expect(await count(`site ${nonpublic}`)).toBe(8);
    },
  );

  it('counts how far it is with a long file, and takes OneRoster and NCES files', async () => {
    const lines = Array.from({ length: 10_500 }, (_, n) => `0100005,Oak City,0100005${String(n).padStart(5, '0')},x`);
    const schools = 'leaid,lea_name,ncessch,school_name\n';
    const long = await run('import-sites', file('long.csv', `${schools}${lines.join('\n')}\n`), '--source', 'nces');
    expect(long).toEqual({
      code: 0,
      err: 'read 10,500 of 10,500\ncompared 10,500 of 10,500\n',
      out: expect.stringMatching(/of NCES Common Core of Data[^]*Systems: 1 new[^]*Sites: {3}10500 new/),
    });
    mkdirSync(join(folder, 'roster'));
    file('roster/manifest.csv', 'propertyName,value\noneroster.version,1.2\nfile.orgs,delta\n');
    file('roster/orgs.csv', 'sourcedId,name,type,parentSourcedId\nOAK,Oak,district,\nOAK-1,Oak School,school,OAK\n');
    expect((await run('import-sites', join(folder, 'roster'))).out).toMatch(/Systems: 1 new[^]*OAK-1 "Oak School"/);
    expect(await run('import-sites', join(folder, 'roster'), '--source', 'leap')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^This source is not known: .*oneroster \(oneroster\)/),
    });
  });

  it('tells what is wrong in a few lines, with 1, and changes nothing', async () => {
    const before = await count('site');
    const header = 'system_code,system_name,site_code,site_name\n';
    const faulty = await run(
      'import-sites',
      file(
        'faulty.csv',
        `${header}001,Acadia Parish,001005,Oak\n1,Acadia Parish,001005,Elm\n001,Acadia Parish,001005,Elm\n`,
      ),
      '--apply',
    );
    expect(faulty).toEqual({
      code: 1,
      out: '',
      err: 'The register file has faults: 2 faults in the file. Mend them and try again. Nothing was changed.\n  line 3: the system code must be 3 digits or capital letters\n  line 4: site 001005 is in line 2 already\n',
    });
    expect(
      (
        await run(
          'import-sites',
          file('latin.csv', Buffer.from(`${header}001,Acadia Parish,001005,École\n`, 'latin1')),
          '--apply',
        )
      ).err,
    ).toMatch(/^The file cannot be used: The file is not in UTF-8.*\n$/);
    expect(
      (
        await run(
          'import-staff',
          file('off.txt', 'TH 08/08/2026 10:15:00 77 3.0\nID,001005,Oak,Ann,,,F,1/1/2000\nTT 77 4\n'),
          '--apply',
        )
      ).err,
    ).toMatch(/^The staff file cannot be used: The trailer counts "4".*\n$/);
    for (const command of ['import-sites', 'import-staff'])
      expect((await run(command, join(folder, 'absent.csv'))).err).toMatch(/could not be opened/);
    expect(await count('site')).toBe(before);
  });

  it('nothing in a file steers the terminal', async () => {
    const escapes = 'Oak \u001b[2J\u001b]0;owned\u0007 School';
    const { out, err } = await run(
      'import-sites',
      file(
        'escapes.csv',
        `system_code,system_name,site_code,site_name\n001,Acadia Parish,001005,"${escapes}"\n\u001b[31m,x,y,z\n`,
      ),
    );
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const staff = await run(
      'import-staff',
      file(
        'escapes-staff.csv',
        `staff_id,last_name,first_name,middle_name,birth_date,site_code,position,from,to\n4000000001,Oak,Ann,,,\u001b[2J,Teacher,2020-08-01,\n`,
      ),
    );
    expect(staff.out + staff.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(readFileSync(demo('staff.csv'), 'utf8')).not.toMatch(/ssn/i);
  });
});
