import fc from 'fast-check';
import { accessCsv, csvCell } from './access-csv.js';

describe('IM-1 the list as a file', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\0=1',
    '  =1',
    '\uFEFF=1',
    '"=1',
    "'=1",
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '\u00a0=cmd',
  ])('%j is no formula', (text) => {
    expect(csvCell(text).startsWith(`"'`)).toBe(true);
  });

  it('what is not taken for a formula stays as it is', () => {
    expect(["O'Neal", 'Jean-Luc', '', 'A"B', 'T01-5'].map(csvCell)).toEqual([
      `"O'Neal"`,
      '"Jean-Luc"',
      '""',
      '"A""B"',
      '"T01-5"',
    ]);
  });

  it('whatever is in it, the cells come out of the file as they went in', () => {
    const unquoted = (cell: string): string => cell.slice(1, -1).replaceAll('""', '"');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = unquoted(csvCell(text));
        expect(read === text || read === `'${text}`).toBe(true);
        expect(/^[=+\-@\t\r\0＝＋－＠]/.test(read)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('days are those of Louisiana; the last day is the last one it holds', () => {
    const row = {
      grantId: 'g',
      staffMemberId: 'x',
      own: false,
      name: 'Ida Arceneaux',
      staffId: '9000000001',
      application: 'SER',
      permission: 'Reader',
      place: 'Heron Street',
      placeCode: 'T01005',
      fromAt: new Date('2026-08-01T04:30:00Z'),
      toAt: new Date('2027-06-01T05:00:00Z'),
      suspended: false,
    };
    expect(accessCsv([row]).split('\r\n')).toEqual([
      '"Name","Staff ID","Application","Permission","Place","Code","Since","Last day","State"',
      '"Ida Arceneaux","9000000001","SER","Reader","Heron Street","T01005","2026-07-31","2027-05-31","In use"',
      '',
    ]);
  });
});
