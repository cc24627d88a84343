import { MikroOrmModule } from '@mikro-orm/nestjs';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { databaseOptions } from '#database';
import { AuditModule } from '#audit';
import { KernelModule } from '#kernel';
import { DeliveryModule, DeliveryService, MessageKinds, NotificationsModule, StrandedMail } from '#notifications';
import { environment, readSettings } from '#settings';
import { MailWorker } from '../../apps/jobs/src/mail-worker.js';

// A worker in a process of its own, for a test to kill: the real queue, delivery and transport; only the words and the
// addresses are the test's. Settings come from the environment.
const settings = readSettings(environment());

@Module({
  imports: [
    KernelModule.with(settings),
    MikroOrmModule.forRoot(databaseOptions(settings)),
    AuditModule,
    NotificationsModule,
    DeliveryModule,
  ],
})
class KilledWorkerModule {}

const app = await NestFactory.createApplicationContext(KilledWorkerModule, { logger: ['error'] });
const kinds = app.get(MessageKinds);
kinds.registerAddressBook(async (_em, recipient) => ({ name: 'Somebody', address: `${recipient.id}@acadia.example` }));
kinds.register({ name: 'test.news', word: () => ({ subject: 'News for you', paragraphs: ['Something happened.'] }) });
kinds.register({ name: 'test.fatal', word: () => process.exit(1) });
const worker = new MailWorker(app, settings, app.get(DeliveryService), app.get(StrandedMail), {
  lookEvery: 300,
  lease: 1500,
});
await worker.start();
process.once('SIGTERM', () => void worker.stop());
