import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '#settings';

export interface SourceFile {
  /** From the project's folder, with forward slashes. */
  path: string;
  text: string;
  /** What it imports, exports from, or imports on the way, as written. */
  imports: string[];
}

/** What is imported or exported from, also over several lines; imported for its effect; imported on the way. */
const importing = /^(?:import|export)\s[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/** Every TypeScript file below some folders. */
export function sources(...folders: string[]): SourceFile[] {
  return folders
    .flatMap((folder) => walk(join(projectRoot, folder)))
    .map((file) => {
      const text = readFileSync(file, 'utf8');
      const imports = [...text.matchAll(importing)].map((match) => match[1] ?? match[2] ?? match[3]!);
      return { path: relative(projectRoot, file).replaceAll('\\', '/'), text, imports };
    });
}

export const isSpec = (path: string): boolean => /\.spec\.tsx?$/.test(path) || path.startsWith('test/');

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return /\.(tsx?|mjs)$/.test(entry.name) ? [path] : [];
  });
}

/** Text of a file of the repository. */
export const textOf = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
