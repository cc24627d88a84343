import { decodeText, kernelProblems, parseTable, type TableRow, tidy } from '#kernel';
import { type SiteKind, siteKinds, type SystemKind, systemKinds } from './kinds.js';

/** One row of a register: a site and its system, or a system alone. What a file has no column for stays undefined. */
export interface RegisterRow {
  row: number;
  system: { code: string; name: string; kind?: SystemKind };
  site?: { code: string; name: string; kind?: SiteKind; federalCode?: string };
}

/** Why a row cannot be taken, in the words of the person who mends the file. */
export interface RowProblem {
  row: number;
  message: string;
}

const required = ['system_code', 'system_name', 'site_code', 'site_name'];
const optional = ['system_kind', 'site_kind', 'federal_site_code'];
/** Columns of LDOE's files that say nothing about the register. */
const ignored = ['enrollment', 'total_sites', 'total_students'];

/** Letters, marks, digits, punctuation and symbols of any script; no control, bidi or invisible characters. */
const placeName = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,120}$/u;
const systemCode = /^[0-9A-Z]{3}$/;
const siteCode = /^[0-9A-Z]{6}$/;

/**
 * Reads a register file: CSV with a header row, one row a site; a row without a site is a system that has none yet.
 * @throws kernel.bad-file when the file as a whole cannot be trusted; faults of single rows come back as problems
 */
export function readRegister(bytes: Uint8Array): { rows: RegisterRow[]; problems: RowProblem[] } {
  const [header, ...lines] = parseTable(decodeText(bytes));
  const columns = readHeader(header!);
  if (!lines.length)
    throw kernelProblems.badFile(
      'The file has a header and no rows, so it may have been cut off. Nothing was changed.',
    );
  const problems: RowProblem[] = [];
  const rows = lines.flatMap((line) => {
    if (line.fields.length !== columns.length) {
      problems.push({
        row: line.row,
        message: `has ${line.fields.length} columns where the header has ${columns.length}`,
      });
      return [];
    }
    const { row, faults } = readRow(line, columns);
    problems.push(...faults.map((message) => ({ row: line.row, message })));
    return faults.length ? [] : [row];
  });
  problems.push(...contradictions(rows));
  return { rows, problems: problems.sort((one, other) => one.row - other.row) };
}

function readHeader({ fields }: TableRow): string[] {
  const columns = fields.map((field) => field.trim().toLowerCase());
  const missing = required.filter((name) => !columns.includes(name));
  const unknown = columns.filter((name) => ![...required, ...optional, ...ignored].includes(name));
  const doubled = columns.filter((name, index) => columns.indexOf(name) !== index);
  const faults = [
    missing.length && `These columns are missing: ${missing.join(', ')}.`,
    unknown.length && `These columns are not known: ${unknown.map((name) => JSON.stringify(name)).join(', ')}.`,
    doubled.length && `These columns come twice: ${doubled.join(', ')}.`,
  ].filter(Boolean);
  if (faults.length) throw kernelProblems.badFile(`${faults.join(' ')} Nothing was changed.`);
  return columns;
}

function readRow(line: TableRow, columns: string[]): { row: RegisterRow; faults: string[] } {
  const cell = (name: string): string => tidy(line.fields[columns.indexOf(name)] ?? '');
  const faults: string[] = [];
  const check = (holds: boolean, fault: string): void => void (holds || faults.push(fault));
  const kind = <Kind extends string>(name: string, kinds: readonly Kind[]): Kind | undefined => {
    const value = cell(name) as Kind;
    check(!value || kinds.includes(value), `the ${name.replace('_', ' ')} must be one of ${kinds.join(', ')}`);
    return value || undefined;
  };

  const system = { code: cell('system_code'), name: cell('system_name'), kind: kind('system_kind', systemKinds) };
  check(systemCode.test(system.code), 'the system code must be 3 digits or capital letters');
  check(
    placeName.test(system.name),
    'the system name is missing, longer than 120 characters or holds invisible characters',
  );
  const site = {
    code: cell('site_code'),
    name: cell('site_name'),
    kind: kind('site_kind', siteKinds),
    federalCode: cell('federal_site_code') || undefined,
  };
  if (!site.code && !site.name) return { row: { row: line.row, system }, faults };
  check(siteCode.test(site.code), 'the site code must be 6 digits or capital letters');
  check(
    placeName.test(site.name),
    'the site name is missing, longer than 120 characters or holds invisible characters',
  );
  check(
    !site.federalCode || /^[0-9A-Z-]{1,20}$/.test(site.federalCode),
    'the federal site code must be digits or capital letters',
  );
  return { row: { row: line.row, system, site }, faults };
}

/** Rows that do not fit each other: a site twice, a system with two names or two kinds. */
function contradictions(rows: RegisterRow[]): RowProblem[] {
  const systems = new Map<string, RegisterRow>();
  const sites = new Map<string, number>();
  return rows.flatMap(({ row, system, site }) => {
    const faults: RowProblem[] = [];
    const first = systems.get(system.code);
    if (!first) systems.set(system.code, { row, system });
    else if (first.system.name !== system.name)
      faults.push({ row, message: `system ${system.code} has another name in line ${first.row}` });
    else if (first.system.kind !== system.kind)
      faults.push({ row, message: `system ${system.code} has another kind in line ${first.row}` });
    if (site && sites.has(site.code))
      faults.push({ row, message: `site ${site.code} is in line ${sites.get(site.code)} already` });
    if (site && !sites.has(site.code)) sites.set(site.code, row);
    return faults;
  });
}
