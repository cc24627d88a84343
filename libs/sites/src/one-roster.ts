import { kernelProblems } from '#kernel';
import { isPlaceCode } from './location.js';
import { contradictions, nameFaults, type RegisterContent, type RegisterRow, type RowProblem } from './register-row.js';
import { RegisterTable, type TableLine } from './register-table.js';

/** The files of a OneRoster set that say something about places. */
export const oneRosterFiles = ['manifest.csv', 'orgs.csv'];

const versions = ['1.1', '1.2'];
const orgTypes = ['school', 'district', 'local', 'department', 'state', 'national'];

/** One line of orgs.csv. */
interface Org {
  row: number;
  code: string;
  name: string;
  type: string;
  parentId: string;
  gone: boolean;
}

/**
 * OneRoster 1.1 or 1.2: the manifest first, then the tree of orgs.csv. Schools become sites of the nearest district (or
 * local authority) above them; where there is none, the state above runs them. Departments and what stands above
 * districts are no places. The code is the identifier, or the sourcedId where there is none.
 * @throws kernel.bad-file for a manifest of another version, without organisations, or for a tree that is a circle
 */
export function readOneRoster(files: Map<string, Buffer>): RegisterContent {
  const [manifest, orgs] = oneRosterFiles.map((name) => {
    const bytes = files.get(name);
    if (!bytes) throw kernelProblems.badFile(`There is no ${name} in it. Nothing was changed.`);
    return new RegisterTable(bytes);
  });
  const complete = checkManifest(manifest!);
  const { byId, problems } = readOrgs(orgs!);
  refuseCircles(byId);
  const all = [...byId.values()];
  const rows = all.filter((org) => !org.gone).flatMap((org): RegisterRow[] => rowOf(org, byId, problems));
  problems.push(...contradictions(rows));
  const gone = all
    .filter((org) => org.gone && isPlace(org))
    .map(({ row, type, code }) => ({ row, code, level: type === 'school' ? ('site' as const) : ('system' as const) }));
  return { format: 'oneroster', rows, problems, gone, complete };
}

/** @returns whether orgs.csv tells all there is; false where it tells only what changed */
function checkManifest(table: RegisterTable): boolean {
  const { lines } = table.read({ required: ['propertyname', 'value'] });
  const values = new Map(lines.map(({ cell }) => [cell('propertyname'), cell('value')]));
  const version = values.get('oneroster.version');
  if (!versions.includes(version ?? ''))
    throw kernelProblems.badFile(
      `The manifest names version ${JSON.stringify(version ?? '')} of OneRoster; ${versions.join(' and ')} are read. Nothing was changed.`,
    );
  const orgs = values.get('file.orgs');
  if (orgs !== 'bulk' && orgs !== 'delta')
    throw kernelProblems.badFile('By its manifest the set holds no orgs.csv (file.orgs). Nothing was changed.');
  return orgs === 'bulk';
}

function readOrgs(table: RegisterTable): { byId: Map<string, Org>; problems: RowProblem[] } {
  const { lines, problems } = table.read({
    required: ['sourcedid', 'name', 'type', 'parentsourcedid'],
    ignored: ['*'],
  });
  const byId = new Map<string, Org>();
  for (const line of lines) {
    const id = line.cell('sourcedid');
    const { org, faults } = readOrg(line);
    const first = byId.get(id);
    if (first) faults.push(`sourcedId ${id} is in line ${first.row} already`);
    problems.push(...faults.map((message) => ({ row: line.row, message })));
    if (!faults.length) byId.set(id, org);
  }
  return { byId, problems };
}

function readOrg({ row, cell }: TableLine): { org: Org; faults: string[] } {
  const type = cell('type').toLowerCase();
  const org = {
    row,
    code: cell('identifier') || cell('sourcedid'),
    name: cell('name'),
    type,
    parentId: cell('parentsourcedid'),
    gone: cell('status').toLowerCase() === 'tobedeleted',
  };
  const faults = nameFaults('organisation', org.name);
  if (!orgTypes.includes(type)) faults.push(`the type must be one of ${orgTypes.join(', ')}`);
  if (!cell('sourcedid')) faults.push('the sourcedId is missing');
  // What stands above districts is no place of ours, and may be called as it likes.
  if (isPlace(org) && !isPlaceCode(org.code))
    faults.push('the identifier (or sourcedId) must be digits, capital letters and hyphens, at most 30');
  return { org, faults };
}

function rowOf(org: Org, byId: Map<string, Org>, problems: RowProblem[]): RegisterRow[] {
  if (!isPlace(org)) return [];
  if (org.type !== 'school') return [{ row: org.row, system: asSystem(org) }];
  const above = ancestors(org, byId);
  const system = above.find((one) => isPlace(one) && one.type !== 'school') ?? above.find(isState);
  if (system && isPlaceCode(system.code))
    return [{ row: org.row, system: asSystem(system), site: { code: org.code, name: org.name, kind: 'school' } }];
  problems.push({ row: org.row, message: `school ${org.code} has no district, local authority or state above it` });
  return [];
}

const isPlace = ({ type }: Pick<Org, 'type'>): boolean => ['school', 'district', 'local'].includes(type);
const isState = ({ type }: Org): boolean => type === 'state' || type === 'national';

const asSystem = (org: Org): RegisterRow['system'] => ({
  code: org.code,
  name: org.name,
  kind: isState(org) ? 'state-school' : 'district',
});

/** More levels than any state has. */
const deepest = 30;

/** The organisations above one, nearest first. */
function ancestors(org: Org, byId: Map<string, Org>): Org[] {
  const above: Org[] = [];
  for (let one = byId.get(org.parentId); one && above.length < deepest; one = byId.get(one.parentId)) above.push(one);
  return above;
}

/** Looks at each organisation once, however deep the tree is. */
function refuseCircles(byId: Map<string, Org>): void {
  const fine = new Set<Org>();
  for (const org of byId.values()) {
    const path = new Set<Org>();
    for (let one: Org | undefined = org; one && !fine.has(one); one = byId.get(one.parentId)) {
      if (path.has(one))
        throw kernelProblems.badFile(
          `The organisation of line ${one.row} of orgs.csv stands above itself. Nothing was changed.`,
        );
      path.add(one);
    }
    for (const one of path) fine.add(one);
  }
}
