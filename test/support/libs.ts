import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AuditModule } from '#audit';
import { databaseOptions } from '#database';
import { type Clock, KernelModule } from '#kernel';
import { NotificationsModule } from '#notifications';
import type { Settings } from '#settings';
import { freshDatabase } from './database.js';
import { testSettings } from './settings.js';

export interface TestLibs {
  app: TestingModule;
  em: EntityManager;
  settings: Settings;
  close(): Promise<void>;
}

/**
 * Libs on a database of their own, without an app around them: kernel, audit and notifications, and the modules named.
 * `em` is outside any transaction.
 */
export async function startLibs(
  imports: NonNullable<ModuleMetadata['imports']>,
  { clock, ...others }: { clock?: Clock } & Record<string, unknown> = {},
): Promise<TestLibs> {
  const database = await freshDatabase();
  const settings = testSettings(database.url, others as Record<string, string>);
  const app = await Test.createTestingModule({
    imports: [
      KernelModule.with(settings, { clock }),
      MikroOrmModule.forRoot(databaseOptions(settings)),
      AuditModule,
      NotificationsModule,
      ...imports,
    ],
  }).compile();
  await app.init();
  return {
    app,
    settings,
    em: app.get(MikroORM).em as EntityManager,
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** The Problem's code a promise is refused with; fails when it is not refused. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(
    (value) => `done: ${JSON.stringify(value)}`,
    (problem: { code?: string; message: string }) => problem.code ?? problem.message,
  );
  return outcome;
}
