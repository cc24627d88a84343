import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { AuditModule } from '#audit';
import { databaseOptions } from '#database';
import { KernelModule, systemActor } from '#kernel';
import { projectRoot, type Settings } from '#settings';
import { RegisterImport, SitesModule } from '#sites';
import type { BenchRow } from './bench-row.js';
import { startBenchSystem } from './bench-system.js';

const shared = join(process.env.EDLINK_SHARED ?? join(projectRoot, '../shared'), 'data');
const files = ['us_public_schools_2019.csv', 'us_leas_1819.csv'].map((name) => join(shared, name));
const tables = ['school_system', 'site', 'place_name', 'site_parent'];

@Module({})
class RegisterBench {}

/** B6: the register of the whole country: first load, and the same files again. */
export async function run(): Promise<BenchRow[]> {
  if (!files.every((file) => existsSync(file))) {
    console.log(`B6 is left out: there is no ${files.join(' and no ')}`);
    return [];
  }
  const system = await startBenchSystem();
  try {
    const { first, again, rows } = await load(system.settings);
    const copy = await copied(system.settings);
    return [
      {
        id: 'B6',
        name: `register of ${rows.toLocaleString('en-US')} rows, preview and first load : COPY (seconds)`,
        ours: first,
        baseline: copy,
        ratio: copy / first,
        goal: 'at least 0.2',
        note: 'ratio is speed: COPY of the same rows into equal tables with the same indexes, divided by ours',
      },
      { id: 'B6', name: 'the same files again', ours: `${again.toFixed(1)} s`, baseline: '-', goal: 'under 5 s' },
    ];
  } finally {
    await system.stop();
  }
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
};

async function load(settings: Settings): Promise<{ first: number; again: number; rows: number }> {
  const app = await NestFactory.createApplicationContext(
    {
      module: RegisterBench,
      imports: [
        KernelModule.with(settings),
        MikroOrmModule.forRoot(databaseOptions(settings)),
        AuditModule,
        SitesModule,
      ],
    },
    { logger: ['error'], abortOnError: false },
  );
  try {
    const register = app.get(RegisterImport);
    const options = { effectiveDay: '2019-07-01' };
    let rows = 0;
    const first = await seconds(async () => {
      await register.preview(systemActor, files, options);
      ({ rows } = await register.apply(systemActor, files, options));
    });
    return { first, rows, again: await seconds(() => register.apply(systemActor, files)) };
  } finally {
    await app.close();
  }
}

/** Copies what was loaded out to files and in again, into tables made like ours. */
async function copied(settings: Settings): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'edlink-copy-'));
  chmodSync(folder, 0o777); // the server may run as somebody else
  const client = new pg.Client(settings.DATABASE_OWNER_URL ?? settings.DATABASE_URL);
  await client.connect();
  try {
    for (const table of tables) {
      await client.query(`create table copy_${table} (like ${table} including all)`);
      await client.query(`copy ${table} to '${join(folder, table)}'`);
    }
    return await seconds(async () => {
      await client.query('begin');
      for (const table of tables) await client.query(`copy copy_${table} from '${join(folder, table)}'`);
      await client.query('commit');
    });
  } finally {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
