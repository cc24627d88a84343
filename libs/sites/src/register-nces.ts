import { isPlaceCode } from './location.js';
import { contradictions, nameFaults, type RegisterContent, type RegisterRow } from './register-row.js';
import type { RegisterTable } from './register-table.js';

/**
 * Schools (ncessch, leaid) of the NCES Common Core of Data, with or without the file of agencies (LEAID, NAME) beside
 * it, which adds those that have no school yet. Where both name an agency, the file of schools counts.
 */
export function readNcesRegister(tables: RegisterTable[]): RegisterContent {
  const problems: RegisterContent['problems'] = [];
  const rows: RegisterRow[] = [];
  const known = new Set<string>();
  const take = (row: RegisterRow, what: string): void => {
    const { code, name } = row.site ?? row.system;
    const faults = [
      ...[row.system.code, code].flatMap((one) =>
        isPlaceCode(one) ? [] : [`the ${what} must be digits, capital letters and hyphens, at most 30`],
      ),
      ...nameFaults('system', row.system.name),
      ...(row.site ? nameFaults('site', name) : []),
    ];
    problems.push(...faults.map((message) => ({ row: row.row, message })));
    if (!faults.length) rows.push(row);
  };
  for (const table of tables.filter(isSchools)) {
    const { lines, problems: cut } = table.read({
      required: ['ncessch', 'leaid', 'school_name', 'lea_name'],
      ignored: ['*'],
    });
    problems.push(...cut);
    for (const { row, cell } of lines) {
      known.add(cell('leaid'));
      const system = { code: cell('leaid'), name: cell('lea_name'), kind: 'district' as const };
      take(
        { row, system, site: { code: cell('ncessch'), name: cell('school_name'), kind: 'school' } },
        'ncessch and leaid',
      );
    }
  }
  problems.push(...contradictions(rows));
  for (const table of tables.filter((one) => !isSchools(one))) {
    const { lines, problems: cut } = table.read({ required: ['leaid', 'name'], ignored: ['*'] });
    problems.push(...cut);
    for (const { row, cell } of lines)
      if (!known.has(cell('leaid')))
        take({ row, system: { code: cell('leaid'), name: cell('name'), kind: 'district' } }, 'LEAID');
  }
  return { format: 'nces', rows, problems, gone: [], complete: tables.some(isSchools) };
}

const isSchools = ({ columns }: RegisterTable): boolean => columns.includes('ncessch');
