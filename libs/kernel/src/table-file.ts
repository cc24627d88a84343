import { open } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { kernelProblems } from './problems.js';

/** What a table file may be at most (IM-2). */
export interface TableLimits {
  bytes: number;
  rows: number;
  columns: number;
  /** Characters of one field. */
  field: number;
}

export const tableLimits: TableLimits = { bytes: 10 * 1024 * 1024, rows: 50_000, columns: 60, field: 1000 };

/** One line of a table file; `row` counts lines from 1, as a text editor shows them. */
export interface TableRow {
  row: number;
  fields: string[];
}

const refuse = (detail: string, cause?: unknown): never => {
  throw kernelProblems.badFile(`${detail} Nothing was changed.`, { cause });
};

/**
 * Reads a file into memory, unless it is larger than the limit, which is asked before a byte is read.
 * @throws kernel.bad-file
 */
export async function readFileWithin(path: string, limits = tableLimits): Promise<Buffer> {
  const file = await open(path, 'r').catch((fault: unknown) =>
    refuse('The file could not be opened. Check its name and that you may read it.', fault),
  );
  try {
    const { size } = await file.stat().then((facts) => (facts.isFile() ? facts : refuse('This is not a file.')));
    if (size > limits.bytes)
      refuse(`The file is larger than ${limits.bytes / 1024 / 1024} MiB. Split it into smaller files.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * The text of a file: UTF-8 only, a byte order mark is allowed.
 * @throws kernel.bad-file
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.includes(0)) refuse('The file holds NUL bytes, so it is not a text file. Export it as CSV in UTF-8.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (fault) {
    return refuse(
      'The file is not in UTF-8 (it may be in Latin-1 or Windows-1252). Export it again as "CSV UTF-8".',
      fault,
    );
  }
}

/**
 * The rows of a delimited text (RFC 4180, empty lines left out). Rows may have different numbers of fields: callers say what they expect.
 * @param delimiter one character
 * @throws kernel.bad-file for an unclosed quote, a field, row or number of rows beyond the limits, a last line without its end
 */
export function parseTable(text: string, delimiter = ',', limits = tableLimits): TableRow[] {
  if (!text.trim()) refuse('The file is empty.');
  if (!/[\r\n]$/.test(text))
    refuse(
      'The last line has no line end, so the file may have been cut off. Export it again; if it is complete, add an empty line at its end.',
    );
  const fieldTooLong = (row: number): never =>
    refuse(
      `Line ${row} holds more than ${limits.columns} columns or a field of more than ${limits.field} characters, or a quote on it is never closed.`,
    );
  try {
    const records = parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'], // files joined from several systems mix them
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: limits.rows + 1,
      max_record_size: (limits.field + 1) * limits.columns,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    if (records.length > limits.rows)
      refuse(`The file has more than ${limits.rows.toLocaleString('en-US')} rows. Split it into smaller files.`);
    return records.map(({ record, info }) => {
      if (record.length > limits.columns || record.some((field) => field.length > limits.field))
        fieldTooLong(info.lines);
      return { row: info.lines, fields: record };
    });
  } catch (fault) {
    if (!(fault instanceof CsvError)) throw fault;
    const row = Number(fault.lines ?? 0);
    if (fault.code === 'CSV_MAX_RECORD_SIZE') return fieldTooLong(row);
    if (fault.code === 'CSV_QUOTE_NOT_CLOSED')
      return refuse('A quote is opened and never closed, so the file may have been cut off. Export it again.', fault);
    return refuse(
      `Line ${row} has a quote in the middle of a field. Put the whole field in quotes and double the quotes within.`,
      fault,
    );
  }
}
