import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeText, parseTable, readFileWithin } from './table-file.js';

const rowsOf = (text: string): string[][] => parseTable(text).map(({ fields }) => fields);

describe('table files', () => {
  it('counts lines as a text editor does and leaves out empty ones', () => {
    expect(parseTable('a,b\r\n\r\n"x","y, ""z"""\r\n')).toEqual([
      { row: 1, fields: ['a', 'b'] },
      { row: 3, fields: ['x', 'y, "z"'] },
    ]);
    expect(rowsOf('a,b\r\n1,2\n3,4\r5,6\r\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(parseTable('a\tb\n', '\t')).toEqual([{ row: 1, fields: ['a', 'b'] }]);
  });

  it('reads back what was written by RFC 4180, whatever the fields hold', () => {
    const field = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
    const written = (rows: string[][]): string =>
      rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',') + '\r\n').join('');
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 20 }), (rows) =>
        expect(rowsOf(written(rows))).toEqual(rows),
      ),
    );
  });

  it.each([
    ['an empty file', '', /empty/],
    ['a file cut off in a line', 'a,b\n1,2\n3', /cut off/],
    ['a quote never closed', 'a,b\n"1,2\n3,4\n', /never closed/],
    ['text after a quote', 'a,b\n"1"x,2\n', /Line 2 has a quote/],
    ['a million columns', 'a,b\n' + '1,'.repeat(1e6) + '\n', /Line \d+ holds more than 60 columns/],
    ['a quoted field of 9 MB', 'a,b\n"' + 'x'.repeat(9e6) + '",2\n', /field of more than 1000 characters/],
    ['a field of 1,001 characters', 'a,b\n' + 'x'.repeat(1001) + ',2\n', /Line 2/],
    ['61 columns', 'a,'.repeat(60) + 'a\n', /Line 1/],
    ['50,001 rows', 'a,b\n'.repeat(50_001), /more than 50,000 rows/],
  ])('IM-2 refuses %s in less than two seconds', (_, text, message) => {
    const from = performance.now();
    expect(() => parseTable(text)).toThrow(message);
    expect(performance.now() - from).toBeLessThan(2000);
  });

  it('IM-2 200,000 blank lines are no rows', () => {
    expect(rowsOf('a,b\n' + '\n'.repeat(200_000))).toEqual([['a', 'b']]);
  });

  it('IM-2 takes UTF-8 with or without a byte order mark, and nothing else', () => {
    expect(decodeText(Buffer.from('\ufeffnáme\n'))).toBe('náme\n');
    expect(() => decodeText(Buffer.from('Peña\n', 'latin1'))).toThrow(/not in UTF-8/);
    expect(() => decodeText(Buffer.from('abc\n', 'utf16le'))).toThrow(/NUL/);
    expect(() => decodeText(Buffer.from([0xed, 0xa0, 0x80, 0x0a]))).toThrow(/not in UTF-8/);
  });

  it('IM-2 refuses a file of 1 GiB without reading it, and what is not a file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'edlink-table-'));
    const large = join(directory, 'large.csv');
    writeFileSync(large, '');
    truncateSync(large, 1024 ** 3);
    const before = process.memoryUsage().rss;
    await expect(readFileWithin(large)).rejects.toThrow(/larger than 10 MiB/);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
    await expect(readFileWithin(directory)).rejects.toThrow(/not a file/);
    await expect(readFileWithin(join(directory, 'absent.csv'))).rejects.toThrow(/could not be opened/);
    rmSync(directory, { recursive: true });
  });
});
