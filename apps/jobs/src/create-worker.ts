import { NestFactory } from '@nestjs/core';
import type { Override } from '#kernel';
import { DeliveryService, StrandedMail } from '#notifications';
import type { Settings } from '#settings';
import { JobsModule } from './jobs.module.js';
import { MailWorker } from './mail-worker.js';

export { MailWorker } from './mail-worker.js';

/**
 * A worker for this installation's background work, not yet started.
 * @param override a clock, for tests
 */
export async function createWorker(settings: Settings, override: Override = {}): Promise<MailWorker> {
  const app = await NestFactory.createApplicationContext(JobsModule.with(settings, override), { logger: ['error', 'warn'], abortOnError: false });
  return new MailWorker(app, settings, app.get(DeliveryService), app.get(StrandedMail));
}
