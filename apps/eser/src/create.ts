import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HttpException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { projectRoot, type Settings } from '#settings';
import { EserModule, type EserOverride } from './eser.module.js';

const uswds = dirname(dirname(createRequire(import.meta.url).resolve('@uswds/uswds')));

/** The sample application, ready to listen. */
export async function createEser(settings: Settings, override: EserOverride = {}): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(EserModule.with(settings, override), {
    bodyParser: false,
    logger: ['error', 'warn', 'fatal'],
    abortOnError: false,
  });
  const { ESER_ORIGIN: origin, ISSUER_ORIGIN: issuer } = settings;
  app.enableShutdownHooks();
  app.disable('x-powered-by');
  app.set('trust proxy', settings.TRUSTED_PROXY_HOPS);
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.use(headers(origin, issuer));
  app.use((request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
    const { host, origin: from, 'sec-fetch-site': site } = request.headers;
    if (host !== new URL(origin).host) return next(new HttpException('wrong host', 421));
    const foreign =
      (from !== undefined && from !== origin) || (site !== undefined && site !== 'same-origin' && site !== 'none');
    if (request.method !== 'GET' && request.method !== 'HEAD' && foreign)
      return next(new HttpException('another site', 403));
    next();
  });
  app.use('/assets/uswds', express.static(uswds, { maxAge: '1d', index: false, redirect: false }));
  const own = join(projectRoot, 'apps/eser/public');
  app.use('/assets/eser', express.static(own, { maxAge: '1h', index: false, redirect: false }));
  app.use((_: Request, response: Response, next: NextFunction) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use(express.urlencoded({ extended: false, limit: '10kb', parameterLimit: 20 }));
  app.use(express.text({ type: 'application/secevent+jwt', limit: '10kb' }));
  return app;
}

/** No script at all; forms lead to ourselves and, after signing out, to the issuer. */
const headers = (origin: string, issuer: string): ReturnType<typeof helmet> =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        formAction: ["'self'", issuer],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: origin.startsWith('https://') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  });
