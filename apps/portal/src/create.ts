import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Override } from '#kernel';
import type { Settings } from '#settings';
import { configureWeb, sessions, SessionStore } from '#web';
import { PortalModule } from './portal.module.js';

/**
 * The portal, ready to listen.
 * @param override what a test puts in the place of the real thing
 */
export async function createPortal(settings: Settings, override: Override = {}): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(PortalModule.with(settings, override), {
    bodyParser: false,
    logger: ['error', 'warn', 'fatal'],
    abortOnError: false,
  });
  app.enableShutdownHooks();
  configureWeb(app, settings.TRUSTED_PROXY_HOPS, [
    sessions(app.get(SessionStore), settings, settings.PORTAL_ORIGIN, 'portal'),
  ]);
  return app;
}
