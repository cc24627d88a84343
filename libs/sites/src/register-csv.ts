import { isPlaceCode } from './location.js';
import { type SiteKind, siteKinds, type SystemKind, systemKinds } from './kinds.js';
import { contradictions, nameFaults, type RegisterContent, type RegisterRow, type RowProblem } from './register-row.js';
import type { CodeLengths } from './register-sources.js';
import type { RegisterTable, TableLine } from './register-table.js';

const required = ['system_code', 'system_name', 'site_code', 'site_name'];
const optional = ['system_kind', 'site_kind', 'federal_site_code', 'serving_system_code'];
/** Columns of LDOE's files that say nothing about the register. */
const ignored = ['enrollment', 'total_sites', 'total_students'];

/**
 * A register of our own format and LDOE's: one row a site; a row without a site is a system that has none yet.
 * @param lengths of codes, where the source has fixed ones: a code that lost its leading zeros is found so
 */
export function readCsvRegister(table: RegisterTable, lengths?: CodeLengths): RegisterContent {
  const { lines, problems } = table.read({ required, optional, ignored });
  const rows = readRows(lines, lengths, problems, table.columns.includes('serving_system_code'));
  problems.push(...contradictions(rows));
  return { format: 'csv', rows, problems, gone: [], complete: true };
}

/** LEAP result files: a site comes once for each of its names and parents, with the years; the latest is what it says. */
export function readLeapRegister(table: RegisterTable, lengths?: CodeLengths): RegisterContent {
  const { lines, problems } = table.read({ required: [...required, 'years'], ignored });
  const latest = new Map<string, { year: string; line: TableLine }>();
  for (const line of lines) {
    const year = line.cell('years').split(' ').at(-1)!;
    const seen = latest.get(line.cell('site_code'));
    if (!seen || seen.year <= year) latest.set(line.cell('site_code'), { year, line });
  }
  const newest = [...latest.values()].map(({ line }) => line);
  return { format: 'leap', rows: readRows(newest, lengths, problems, false), problems, gone: [], complete: true };
}

function readRows(
  lines: TableLine[],
  lengths: CodeLengths | undefined,
  problems: RowProblem[],
  serving: boolean,
): RegisterRow[] {
  return lines.flatMap((line) => {
    const { row, faults } = readRow(line, lengths, serving);
    problems.push(...faults.map((message) => ({ row: line.row, message })));
    return faults.length ? [] : [row];
  });
}

function readRow(
  { row, cell }: TableLine,
  lengths: CodeLengths | undefined,
  serving: boolean,
): { row: RegisterRow; faults: string[] } {
  const faults: string[] = [];
  const kind = <Kind extends string>(name: string, kinds: readonly Kind[]): Kind | undefined => {
    const value = cell(name) as Kind;
    if (value && !kinds.includes(value))
      faults.push(`the ${name.replace('_', ' ')} must be one of ${kinds.join(', ')}`);
    return value || undefined;
  };
  const system: RegisterRow['system'] = {
    code: cell('system_code'),
    name: cell('system_name'),
    kind: kind<SystemKind>('system_kind', systemKinds),
  };
  faults.push(...codeFaults('system code', system.code, lengths?.system), ...nameFaults('system', system.name));
  const site: RegisterRow['site'] = {
    code: cell('site_code'),
    name: cell('site_name'),
    kind: kind<SiteKind>('site_kind', siteKinds),
    federalCode: cell('federal_site_code') || undefined,
    ...(serving && { serving: cell('serving_system_code') || null }),
  };
  if (!site.code && !site.name && !site.serving) return { row: { row, system }, faults };
  faults.push(...codeFaults('site code', site.code, lengths?.site), ...nameFaults('site', site.name));
  if (site.serving) faults.push(...codeFaults('serving system code', site.serving, lengths?.system));
  if (site.federalCode && !/^[0-9A-Z-]{1,20}$/.test(site.federalCode))
    faults.push('the federal site code must be digits or capital letters');
  return { row: { row, system, site }, faults };
}

function codeFaults(what: string, code: string, length: number | undefined): string[] {
  if (length === undefined)
    return isPlaceCode(code) ? [] : [`the ${what} must be digits, capital letters and hyphens, at most 30`];
  return /^[0-9A-Z]+$/.test(code) && code.length === length
    ? []
    : [`the ${what} must be ${length} digits or capital letters`];
}
