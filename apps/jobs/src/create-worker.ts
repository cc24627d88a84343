import { NestFactory } from '@nestjs/core';
import { DepartureSweep } from '#compliance';
import { EndingAccess, UnusedAccess } from '#grants';
import { Clock, localDay, type Override } from '#kernel';
import { DeliveryService, StrandedMail } from '#notifications';
import { DaySweep, RequestProposals, TimeSweep } from '#requests';
import type { Settings } from '#settings';
import { SignalSender } from '#tokens';
import { RepeatedForms } from '#web';
import { JobsModule } from './jobs.module.js';
import { MailWorker, type WorkerTimes } from './mail-worker.js';
import { SignalWorker } from './signal-worker.js';

export { MailWorker, type WorkerTimes } from './mail-worker.js';

/**
 * A worker for this installation's background work, not yet started.
 * @param override a clock, for tests
 * @param times how often to look for stranded mail and a new day, and when a job counts as left behind
 */
export async function createWorker(
  settings: Settings,
  override: Override = {},
  times?: WorkerTimes,
): Promise<MailWorker> {
  const app = await NestFactory.createApplicationContext(JobsModule.with(settings, override), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  const [sweep, time, clock] = [app.get(DaySweep), app.get(TimeSweep), app.get(Clock)];
  const departures = app.get(DepartureSweep);
  const [unused, ending] = [app.get(UnusedAccess), app.get(EndingAccess)];
  const sender = app.get(SignalSender);
  const forms = app.get(RepeatedForms);
  const proposals = app.get(RequestProposals);
  const chores = {
    'following the day': () => sweep.followDays(localDay(clock.now())),
    'reminding, passing on and closing': () => time.followTime(localDay(clock.now())),
    'closing entries nobody confirmed': () => proposals.lapse(),
    'ending the access of those who left': () => departures.followEnds(),
    'letting unused access rest': () => unused.follow(),
    'telling whose access ends soon': () => ending.follow(),
    'looking for applications that do not answer': () => sender.look(),
    'forgetting forms of yesterday': () => forms.forget(),
  };
  const [mails, stranded] = [app.get(DeliveryService), app.get(StrandedMail)];
  return new MailWorker(app, settings, mails, stranded, times, chores, new SignalWorker(settings, sender));
}
