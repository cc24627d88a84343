import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRegister } from './register-file.js';

const header = 'system_code,system_name,site_code,federal_site_code,site_name,enrollment\n';
const read = (text: string): ReturnType<typeof readRegister> => readRegister(Buffer.from(text));
const problems = (text: string): string[] =>
  read(header + text).problems.map(({ row, message }) => `${row} ${message}`);

describe('register files', () => {
  it('reads sites, systems without sites and optional kinds', () => {
    expect(read(`${header}001,Acadia Parish,001005,220001,Crowley  High,300\n`).rows).toEqual([
      {
        row: 2,
        system: { code: '001', name: 'Acadia Parish', kind: undefined },
        site: { code: '001005', name: 'Crowley High', kind: undefined, federalCode: '220001' },
      },
    ]);
    const kinds = read(
      'system_code,system_name,system_kind,site_code,site_name,site_kind\n500,Diocese,nonpublic,,,\n500,Diocese,nonpublic,500001,School,nonpublic\n',
    );
    expect(kinds.problems).toEqual([]);
    expect(kinds.rows[0]).toEqual({ row: 2, system: { code: '500', name: 'Diocese', kind: 'nonpublic' } });
  });

  it.each([
    [
      'a code without its leading zeros',
      '1,Acadia Parish,1005,,Oak,3\n',
      ['2 the system code must be 3 digits or capital letters', '2 the site code must be 6 digits or capital letters'],
    ],
    [
      'small letters',
      'w10,Charter,w10001,,Oak,3\n',
      ['2 the system code must be 3 digits or capital letters', '2 the site code must be 6 digits or capital letters'],
    ],
    [
      'a row cut off',
      '001,Acadia Parish,001005,,Oak,3\n001,Acadia Parish,0010\n',
      ['3 has 3 columns where the header has 6'],
    ],
    [
      'a site twice',
      '001,A,001005,,Oak,3\n001,A,001006,,Elm,3\n002,B,001005,,Oak,3\n',
      ['4 site 001005 is in line 2 already'],
    ],
    [
      'a system with two names',
      '001,A,001005,,Oak,3\n001,B,001006,,Elm,3\n',
      ['3 system 001 has another name in line 2'],
    ],
    [
      'a site without a name',
      '001,A,001005,,,3\n',
      ['2 the site name is missing, longer than 120 characters or holds invisible characters'],
    ],
    [
      'a name that turns the reading order',
      '001,A,001005,,Oak\u202ekaO,3\n',
      ['2 the site name is missing, longer than 120 characters or holds invisible characters'],
    ],
  ])('tells the row of %s', (_, text, expected) => expect(problems(text)).toEqual(expected));

  it.each([
    ['missing columns', 'system_code,site_code\n001,001005\n', /columns are missing: system_name, site_name/],
    [
      'unknown columns',
      'system_code,system_name,site_code,site_name,approved_by\n001,A,001005,Oak,me\n',
      /not known: "approved_by"/,
    ],
    ['doubled columns', 'system_code,system_code,system_name,site_code,site_name\n', /come twice: system_code/],
    ['only a header', header, /no rows/],
    ['Latin-1', Buffer.from(`${header}001,A,001005,,École,3\n`, 'latin1').toString('latin1'), /./],
  ])('IM-2 refuses %s as a whole', (name, text, message) => {
    expect(() => readRegister(Buffer.from(text, name === 'Latin-1' ? 'latin1' : 'utf8'))).toThrow(message);
  });

  const strings = join(process.env.EDLINK_SHARED ?? '../shared', 'data/strings/blns.json');
  (existsSync(strings) ? it : it.skip)(
    'hostile strings as names are refused with their row or kept as they are (skipped without ../shared)',
    () => {
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      for (const text of JSON.parse(readFileSync(strings, 'utf8')) as string[]) {
        let result: ReturnType<typeof readRegister>;
        try {
          result = read(`${header}001,A,001005,,${quoted(text)},3\n`);
        } catch (problem) {
          expect(problem).toMatchObject({ code: 'kernel.bad-file' });
          continue;
        }
        expect(result.rows.length + new Set(result.problems.map(({ row }) => row)).size).toBe(1);
        for (const row of result.rows) expect(row.site!.name).toMatch(/^[^\p{C}]{1,120}$/u);
      }
    },
  );
});
