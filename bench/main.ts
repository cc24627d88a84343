import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#settings';
import type { BenchRow } from './bench-row.js';

/** Every benchmark by name; each loads what it needs only when it runs. */
const benches: Record<string, () => Promise<{ run(): Promise<BenchRow[]> }>> = {
  introspect: () => import('./introspect.js'),
  'local-check': () => import('./local-check.js'),
  'sign-in': () => import('./sign-in.js'),
  routing: () => import('./routing.js'),
  register: () => import('./register.js'),
  'as-of': () => import('./as-of.js'),
  removal: () => import('./removal.js'),
  'waiting-list': () => import('./waiting-list.js'),
  decide: () => import('./decide.js'),
  footprint: () => import('./footprint.js'),
};

const usage = `npm run bench              all of them
npm run bench -- NAME ...  some of them: ${Object.keys(benches).join(', ')}`;

const shown = (value: number | string | undefined): string =>
  typeof value === 'number' ? value.toLocaleString('en-US', { maximumSignificantDigits: 3 }) : (value ?? '-');

function table(rows: BenchRow[]): string {
  const cells = [
    ['', 'what', 'ours', 'baseline', 'ratio', 'goal'],
    ...rows.map((row) => [row.id, row.name, shown(row.ours), shown(row.baseline), shown(row.ratio), row.goal]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) =>
        column >= 2 && column <= 4 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  '),
  );
  const notes = rows.filter((row) => row.note).map((row) => `${row.id} ${row.name}: ${row.note}`);
  return [...lines, ...(notes.length ? ['', ...notes] : [])].join('\n');
}

/** Runs benchmarks one after the other, prints the table and writes bench/results.json. Nothing fails on a slow day. */
async function main(names: string[]): Promise<number> {
  const unknown = names.find((name) => !benches[name]);
  if (unknown) {
    console.error(`There is no benchmark ${unknown}.\n\n${usage}`);
    return 2;
  }
  const rows: BenchRow[] = [];
  for (const name of names.length ? names : Object.keys(benches)) {
    console.log(`${name} ...`);
    rows.push(...(await (await benches[name]!()).run()));
  }
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length, node: process.version };
  console.log(`\n${machine.cpus} x ${machine.cpu}, Node ${machine.node}\n\n${table(rows)}`);
  writeFileSync(
    join(projectRoot, 'bench/results.json'),
    `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`,
  );
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
