import type { INestApplicationContext } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Clock } from '#kernel';
import type { Settings } from '#settings';
import { createEser } from '../../eser/src/create.js';
import { createIssuer } from '../../issuer/src/create.js';
import { createWorker, type MailWorker } from '../../jobs/src/create-worker.js';
import { createPortal } from '../../portal/src/create.js';

export interface RunningSystem {
  issuer: NestExpressApplication;
  portal: NestExpressApplication;
  eser: INestApplicationContext;
  worker: MailWorker;
  /** Ends everything in the order that loses nothing: doors first, then the work behind them. */
  stop(): Promise<void>;
}

/** A system whose address is localhost answers this machine only: its people share one passphrase. */
const hostOf = (origin: string): string => (new URL(origin).hostname === 'localhost' ? '127.0.0.1' : '0.0.0.0');

/** Starts every app of the system in this process, on the ports of the settings. The database must be migrated. */
export async function startSystem(settings: Settings, options: { clock?: Clock } = {}): Promise<RunningSystem> {
  const [issuer, portal, eser, worker] = await Promise.all([
    createIssuer(settings, options),
    createPortal(settings, options),
    createEser(settings, options),
    createWorker(settings, options),
  ]);
  await Promise.all([
    issuer.listen(settings.ISSUER_PORT, hostOf(settings.ISSUER_ORIGIN)),
    portal.listen(settings.PORTAL_PORT, hostOf(settings.PORTAL_ORIGIN)),
    eser.listen(settings.ESER_PORT, hostOf(settings.ESER_ORIGIN)),
  ]);
  await worker.start();
  return {
    issuer,
    portal,
    eser,
    worker,
    stop: async () => {
      await Promise.all([portal.close(), issuer.close(), eser.close()]);
      await worker.stop();
    },
  };
}
