import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { kernelProblems, readFileWithin, sha256 } from '#kernel';
import { oneRosterFiles, readOneRoster } from './one-roster.js';
import { readCsvRegister, readLeapRegister } from './register-csv.js';
import { readNcesRegister } from './register-nces.js';
import type { RegisterContent } from './register-row.js';
import type { RegisterSource, RegisterSources } from './register-sources.js';
import { registerLimits, RegisterTable } from './register-table.js';
import { readZip } from './zip-file.js';

/** A register as it was read: what it says, who says it, and which bytes said so. */
export interface RegisterFile extends RegisterContent {
  source: RegisterSource;
  /** Of the file, or of the files' sums where there are several. */
  sha256: string;
  /** Names without folders, such as 'la_public_sites_2022.csv'. */
  name: string;
}

/**
 * Reads a register: one CSV, the files of NCES together, or a OneRoster set in a folder or a zip.
 * @param source code of config/register/sources.yaml; absent: the first one written in the format found
 * @throws kernel.bad-file when a file as a whole cannot be trusted, sites.unknown-source; faults of single rows come back as problems
 */
export async function readRegister(
  paths: string[],
  { sources, source }: { sources: RegisterSources; source?: string },
): Promise<RegisterFile> {
  const files = await Promise.all(paths.map(readPath));
  const sums = files.flatMap((file) => [...file.values()].map((bytes) => sha256(bytes)));
  const name = paths
    .map((path) => basename(path))
    .join(', ')
    .slice(0, 200);
  const about = { name, sha256: sums.length === 1 ? sums[0]! : sha256(sums.join(' ')) };

  if (files.some((file) => file.has('orgs.csv') || file.has('manifest.csv'))) {
    if (files.length > 1) throw kernelProblems.badFile('A OneRoster set comes alone. Nothing was changed.');
    return { ...readOneRoster(files[0]!), ...about, source: sources.of(source, 'oneroster') };
  }
  const tables = files.flatMap((file) => [...file.values()].map((bytes) => new RegisterTable(bytes)));
  if (tables.every(({ columns }) => columns.includes('leaid')))
    return { ...readNcesRegister(tables), ...about, source: sources.of(source, 'nces') };
  if (tables.length > 1)
    throw kernelProblems.badFile('Only the files of NCES come several together. Nothing was changed.');
  const [table] = tables;
  const format = table!.columns.includes('years') ? 'leap' : 'csv';
  const found = sources.of(source, format);
  const read = format === 'leap' ? readLeapRegister : readCsvRegister;
  return { ...read(table!, found.codes), ...about, source: found };
}

/** The files behind one path, by name: the file itself, or what a folder or zip of OneRoster holds. */
async function readPath(path: string): Promise<Map<string, Buffer>> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory()) {
    const found = new Map<string, Buffer>();
    for (const name of oneRosterFiles) found.set(name, await readFileWithin(join(path, name), registerLimits));
    return found;
  }
  const bytes = await readFileWithin(path, registerLimits);
  return isZip(bytes) ? readZip(bytes, oneRosterFiles) : new Map([[basename(path), bytes]]);
}

/** By its first bytes, whatever it is called. */
const isZip = (bytes: Buffer): boolean => bytes.subarray(0, 2).toString('latin1') === 'PK' && bytes[2]! < 9;
