import { decodeText, kernelProblems, parseTable, tableLimits, type TableLimits, type TableRow } from '#kernel';
import { type Cells, type FeedRow, readPerson } from './feed-row.js';
import { staffProblems } from './problems.js';
import { readDay } from './staff-facts.js';

/** A staff file, read: every line that is not empty, not a header and not a trailer is one row here. */
export interface StaffFeed {
  format: 'unique-id' | 'staff-list';
  /** Of a Unique Id file. */
  transmissionId?: string;
  rows: FeedRow[];
}

/** A state's staff is more than 50,000 people; the size of the file stays limited as always. */
const feedLimits: TableLimits = { ...tableLimits, rows: 200_000 };

const columns = [
  'staff_id',
  'last_name',
  'first_name',
  'middle_name',
  'suffix',
  'birth_date',
  'site_code',
  'position',
  'from',
  'to',
  'ssn',
] as const;
const required = ['staff_id', 'last_name', 'first_name', 'birth_date', 'site_code', 'position', 'from', 'to'] as const;

const refuse = (detail: string): never => {
  throw staffProblems.faultyFeed(`${detail} Nothing was changed.`);
};
const shown = (text: string | undefined): string => JSON.stringify((text ?? '').slice(0, 20));

/**
 * Reads a staff file: the LA Unique Id format when it begins with TH, else CSV with a header row.
 * @param today 'YYYY-MM-DD'
 * @throws kernel.bad-file, staff.faulty-feed when the file as a whole cannot be trusted
 */
export function readFeed(bytes: Uint8Array, today: string): StaffFeed {
  const text = decodeText(bytes);
  return /^\s*"?TH[\t ,"]/.test(text) ? readUniqueId(text, today) : readStaffList(text, today);
}

/** CSV: staff_id, last_name, first_name, middle_name, birth_date, site_code, position, from, to; a row an employment. */
function readStaffList(text: string, today: string): StaffFeed {
  const [header, ...lines] = parseTable(text, ',', feedLimits);
  const names = header!.fields.map((field) => field.trim().toLowerCase());
  const faults = [
    ...required.filter((name) => !names.includes(name)).map((name) => `the column ${name} is missing`),
    ...names
      .filter((name) => !(columns as readonly string[]).includes(name))
      .map((name) => `the column ${shown(name)} is not known`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `the column ${shown(name)} comes twice`),
  ];
  if (faults.length) refuse(`The header row has faults: ${faults.join('; ')}.`);
  if (!lines.length) refuse('The file has a header and no rows, so it may have been cut off.');
  return {
    format: 'staff-list',
    rows: lines.map(({ row, fields }): FeedRow => {
      if (fields.length !== names.length)
        return { row, fate: 'refused', reason: `has ${fields.length} columns where the header has ${names.length}` };
      return readPerson(
        row,
        Object.fromEntries(names.map((name, index) => [name, fields[index]])) as Cells,
        'staff-id',
        today,
      );
    }),
  };
}

/**
 * The LA Unique Id upload: TH <extract date> <time> <transmission id> <version> ..., rows of ID, and TT <transmission id>
 * <number of records, TH and TT included>. Header and trailer are parted by tab, space or comma, rows by tab or comma.
 * Layout: LDOE's staff Unique Id file as PowerSchool ERP documents it (pserp-compliance.powerschool-docs.com).
 */
function readUniqueId(text: string, today: string): StaffFeed {
  const lines = text.split(/\r\n|\n|\r/);
  const filled = lines.flatMap((line, index) => (line.trim() ? [index] : []));
  const [first, last] = [filled[0]!, filled.at(-1)!];
  const [, extractDate, , transmissionId] = partsOf(lines[first]!);
  const extractDay = readDay(extractDate ?? '');
  if (!extractDay || !transmissionId)
    throw staffProblems.faultyFeed(
      'The header row (TH) must hold the date of the extract, the time and the transmission id. Nothing was changed.',
    );
  if (extractDay > today) refuse(`The extract date ${extractDay} is still to come.`);
  const [type, trailerId, count] = partsOf(lines[last]!);
  if (type !== 'TT') refuse('The last row is no trailer (TT), so the file may have been cut off. Export it again.');
  if (trailerId !== transmissionId)
    refuse(`The transmission ids of header and trailer differ: ${shown(transmissionId)} and ${shown(trailerId)}.`);
  if (Number(count) !== filled.length)
    refuse(`The trailer counts ${shown(count)} records, header and trailer included; the file has ${filled.length}.`);
  if (filled.length < 3) refuse('There is no row between header and trailer.');

  const delimiter = /^"?ID"?\t/.test(lines[filled[1]!]!) ? '\t' : ',';
  lines[first] = lines[last] = ''; // keeps the numbers of the lines between
  const rows = parseTable(`${lines.join('\n')}\n`, delimiter, feedLimits);
  const width = rows[0]!.fields.length;
  return { format: 'unique-id', transmissionId, rows: rows.map((row) => readDetail(row, width, extractDay, today)) };
}

const partsOf = (line: string): string[] =>
  line
    .trim()
    .split(/[\t ,]+/)
    .map((part) => part.replace(/^"(.*)"$/, '$1'));

/** Short form without, long form with the "residing district" after the site; later columns are not used. */
const short = ['type', 'site_code', 'last_name', 'first_name', 'middle_name', 'suffix', 'gender', 'birth_date'];
const long = ['type', 'site_code', 'district', ...short.slice(2)];

function readDetail({ row, fields }: TableRow, width: number, extractDay: string, today: string): FeedRow {
  if (fields[0]?.trim() !== 'ID')
    throw kernelProblems.badFile(`Line ${row} is no detail row (ID). Nothing was changed.`);
  if (fields.length !== width || width < short.length)
    return {
      row,
      fate: 'refused',
      reason: `has ${fields.length} columns where a row of this file has ${Math.max(width, short.length)}`,
    };
  const names = width === short.length ? short : long;
  const cells = Object.fromEntries(names.map((name, index) => [name, fields[index]])) as Cells;
  const ssn = fields.slice(names.length).find((field) => /^\s*99[89]-?\d{2}-?\d{4}\s*$/.test(field));
  return readPerson(row, { ...cells, ssn, from: extractDay }, 'facts', today);
}
