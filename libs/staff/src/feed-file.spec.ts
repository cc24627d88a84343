import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFeed } from './feed-file.js';

const read = (text: string): ReturnType<typeof readFeed> => readFeed(Buffer.from(text), '2026-11-22');
const listHeader = 'staff_id,last_name,first_name,middle_name,birth_date,site_code,position,from,to\n';
const uniqueId = (
  rows: string[],
  {
    header = 'TH 08/08/2026 10:15:00 0000012345 3.0 delimiter=0X2C source=PEP batch_indicator=D',
    trailer = `TT 0000012345 ${rows.length + 2}`,
  } = {},
): string => [header, ...rows, trailer].join('\r\n') + '\r\n';
const detail = 'ID,001005,Guidry,Solange,Marie,,F,4/28/1986';

describe('Unique Id files', () => {
  const person = {
    lastName: 'Guidry',
    firstName: 'Solange',
    middleName: 'Marie',
    birthDate: '1986-04-28',
    work: { siteCode: '001005', position: 'Position not stated', from: '2026-08-08', to: undefined },
  };

  it.each([
    ['parted by spaces, as PowerSchool writes it', uniqueId(['ID,001005,,Guidry,Solange,Marie,,F,4/28/1986,,,'])],
    ['short rows', uniqueId([detail])],
    [
      'parted by commas throughout',
      uniqueId([detail], {
        header: 'TH,8/8/2026,10:15:00,0000012345,3.0,delimiter=,,source=PEP,qualifier=",batch_indicator=D',
        trailer: 'TT,0000012345,3',
      }),
    ],
    [
      'parted by tabs',
      uniqueId([detail.replaceAll(',', '\t')], {
        header: 'TH\t2026-08-08\t10:15:00\t0000012345\t3.0\tdelimiter=0X09',
        trailer: 'TT\t0000012345\t3',
      }),
    ],
    [
      'with quoted fields and a byte order mark',
      '\ufeff' + uniqueId(['"ID","001005","Guidry","Solange","Marie","","F","1986-04-28"']),
    ],
    ['with empty lines and no last line end', uniqueId([detail]).replace('\r\nID', '\r\n\r\nID').trimEnd()],
  ])('reads rows %s', (_, text) => {
    const feed = read(text);
    expect(feed).toMatchObject({ format: 'unique-id', transmissionId: '0000012345' });
    expect(feed.rows).toEqual([{ row: expect.any(Number), person }]);
  });

  it.each([
    [
      'other transmission ids',
      uniqueId([detail], { trailer: 'TT 0000012346 3' }),
      /transmission ids of header and trailer differ: "0000012345" and "0000012346"/,
    ],
    ['a count that is off', uniqueId([detail, detail], { trailer: 'TT 0000012345 3' }), /counts "3" records.* has 4/],
    ['a count that leaves header and trailer out', uniqueId([detail], { trailer: 'TT 0000012345 1' }), /counts "1"/],
    ['no trailer', uniqueId([detail]).replace(/TT.*\r\n/, ''), /cut off/],
    ['a row of another kind', uniqueId([detail, 'XX,1']), /Line 3 is no detail row/],
    ['no rows', uniqueId([]), /no row between/],
    ['a header without a date', uniqueId([detail], { header: 'TH soon 10:15:00 0000012345 3.0' }), /header row \(TH\)/],
    ['an extract to come', uniqueId([detail], { header: 'TH 08/08/2027 10:15:00 0000012345 3.0' }), /still to come/],
  ])('a file with %s is refused whole', (_, text, message) => expect(() => read(text)).toThrow(message));

  it('a file cut off anywhere is refused, unless nothing but its last line end is missing', () => {
    const whole = uniqueId([detail, detail.replace('Solange', 'Odette'), detail.replace('Solange', 'Rémy')]);
    const bytes = Buffer.from(whole);
    for (let length = 1; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      if (cut.toString().trim() === whole.trim()) continue;
      expect(() => readFeed(cut, '2026-11-22')).toThrow();
    }
  });

  it('contract staff and vacancies are told by their SSN wherever it is; no row keeps one', () => {
    const feed = read(
      uniqueId(
        [`${detail},,,998-12-3456`, `${detail},,999123456,`, `${detail},,123-45-6789,`].map((row) =>
          row.replace('001005,', '001005,,'),
        ),
      ),
    );
    expect(feed.rows.map((row) => ('fate' in row ? row.fate : 'person'))).toEqual(['contract', 'vacancy', 'person']);
    expect(JSON.stringify(feed)).not.toMatch(/6789/);
  });
});

describe('staff lists', () => {
  it('reads a row an employment; dates as people and machines write them', () => {
    expect(
      read(`${listHeader}0000000017,Guidry,Solange,,04/28/1986,001005,Special Education Teacher,8/1/2020,2024-05-31\n`)
        .rows,
    ).toEqual([
      {
        row: 2,
        person: {
          staffId: '0000000017',
          lastName: 'Guidry',
          firstName: 'Solange',
          middleName: undefined,
          suffix: undefined,
          birthDate: '1986-04-28',
          work: { siteCode: '001005', position: 'Special Education Teacher', from: '2020-08-01', to: '2024-05-31' },
        },
      },
    ]);
    expect(read(`${listHeader}0000000017,Guidry,Solange,,,,,,\n`).rows).toEqual([
      { row: 2, person: expect.not.objectContaining({ work: expect.anything() }) },
    ]);
  });

  it.each([
    ['a Staff ID of 9 digits', '123456789,Guidry,Solange,,,,,,', /10 digits/],
    ['no last name', '1234567890,,Solange,,,,,,', /last name is missing/],
    ['a name with digits', '1234567890,Gu1dry,Solange,,,,,,', /last name is missing or holds/],
    ['a birth date that is none', '1234567890,Guidry,Solange,,2/30/1986,,,,', /birth_date must be a date/],
    ['a birth date to come', '1234567890,Guidry,Solange,,2030-01-01,,,,', /in the past/],
    ['an end before its beginning', '1234567890,Guidry,Solange,,,001005,Teacher,2024-01-01,2023-01-01', /ends before/],
    ['a position without a site', '1234567890,Guidry,Solange,,,,Teacher,2024-01-01,', /site code of the employment/],
    ['a site without its first day', '1234567890,Guidry,Solange,,,001005,Teacher,,', /began is missing/],
    ['a column too few', '1234567890,Guidry,Solange', /has 3 columns where the header has 9/],
  ])('refuses the row of %s and takes the others', (_, row, reason) => {
    const { rows } = read(`${listHeader}${row}\n0000000017,Guidry,Solange,,,,,,\n`);
    expect(rows[0]).toEqual({ row: 2, fate: 'refused', reason: expect.stringMatching(reason) });
    expect(rows[1]).toMatchObject({ row: 3, person: { staffId: '0000000017' } });
  });

  it.each([
    ['columns nobody knows', listHeader.replace('to\n', 'to,role\n'), /the column "role" is not known/],
    ['a missing column', listHeader.replace('birth_date,', ''), /the column birth_date is missing/],
    ['a column twice', listHeader.replace('to\n', 'to,to\n'), /comes twice/],
    ['only a header', listHeader, /cut off/],
  ])('IM-4 a file with %s is refused whole', (_, text, message) => expect(() => read(text)).toThrow(message));

  it('the SSN column says contract or vacancy and is forgotten', () => {
    const feed = read(
      `${listHeader.trim()},ssn\n1234567890,Guidry,Solange,,,,,,,998121234\n,,,,,,,,,999-12-1234\n1234567891,Guidry,Odette,,,,,,,436-99-8127\n`,
    );
    expect(feed.rows).toMatchObject([{ fate: 'contract' }, { fate: 'vacancy' }, { person: { staffId: '1234567891' } }]);
    expect(JSON.stringify(feed)).not.toMatch(/436|8127/);
  });

  const strings = join(process.env.EDLINK_SHARED ?? '../shared', 'data/strings/blns.json');
  (existsSync(strings) ? it : it.skip)(
    'WB-5 hostile strings in every field are refused with their row or are plain names (skipped without ../shared)',
    () => {
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      for (const text of JSON.parse(readFileSync(strings, 'utf8')) as string[]) {
        const file = [
          '1234567890',
          'Guidry',
          'Solange',
          'Marie',
          '1986-04-28',
          '001005',
          'Teacher',
          '2020-08-01',
          '2024-05-31',
        ].map((_, at, good) => good.map((cell, index) => quoted(index === at ? text : cell)).join(','));
        let rows: ReturnType<typeof read>['rows'];
        try {
          rows = read(`${listHeader}${file.join('\n')}\n`).rows;
        } catch (problem) {
          expect(problem).toMatchObject({ code: 'kernel.bad-file' });
          continue;
        }
        expect(rows).toHaveLength(9);
        for (const row of rows) {
          if (!('person' in row)) continue;
          for (const name of [row.person.firstName, row.person.lastName, row.person.middleName ?? 'x'])
            expect(name).toMatch(/^[\p{L}\p{M}'’.\- ]{1,100}$/u);
          expect(row.person.work?.position ?? 'x').not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        }
      }
    },
  );
});
