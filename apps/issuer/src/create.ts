import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Override } from '#kernel';
import type { Settings } from '#settings';
import { OidcHost } from '#tokens';
import { configureWeb } from '#web';
import { IssuerModule } from './issuer.module.js';

/**
 * The issuer, ready to listen. The OpenID Provider reads its bodies itself, so it stands before our parsers.
 * @param override what a test puts in the place of the real thing
 */
export async function createIssuer(settings: Settings, override: Override = {}): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(IssuerModule.with(settings, override), {
    bodyParser: false,
    logger: ['error', 'warn', 'fatal'],
    abortOnError: false,
  });
  app.enableShutdownHooks();
  const oidc = app.get(OidcHost);
  configureWeb(app, settings.TRUSTED_PROXY_HOPS, [oidc.handler]);
  oidc.serveProgramsOn(app.getHttpServer());
  return app;
}
