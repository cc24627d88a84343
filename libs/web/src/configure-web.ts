import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { kernelProblems, waitTogether } from '#kernel';
import { projectRoot } from '#settings';
import { accessOf } from './access.js';
import { rememberBrowser } from './form-token.js';
import { WEB_OPTIONS, type WebOptions } from './options.js';
import { webProblems } from './problems.js';
import { repeatOf, type RepeatWay } from './repeat.js';

/** USWDS's compiled files; its package names only some paths, the script among them (dist/js). */
const uswds = dirname(dirname(createRequire(import.meta.url).resolve('@uswds/uswds')));

/**
 * What every app with pages has: headers, host check, body limits, assets, browser cookie.
 * Call on an app created with `bodyParser: false`, before listen.
 * @param before handlers that read the body themselves, such as the OpenID Provider
 */
export function configureWeb(app: NestExpressApplication, trustedHops: number, before: RequestHandler[] = []): void {
  const options = app.get<WebOptions>(WEB_OPTIONS);
  refuseUndeclaredRoutes(app, options);
  app.disable('x-powered-by');
  app.set('trust proxy', trustedHops);
  app.set('query parser', 'simple');
  app.set('etag', false);
  // For whoever watches the process: it lives, whatever the database does. Before all else, and under any name.
  app.use('/health/live', (_: Request, response: Response) => {
    response.setHeader('Cache-Control', 'no-store').type('text/plain').send('alive');
  });
  app.use((_: Request, __: Response, next: NextFunction) => waitTogether(next));
  const https = options.origin.startsWith('https://');
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          formAction: ["'self'", ...options.formTargets],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
          objectSrc: ["'none'"],
        },
      },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      // With `no-referrer` browsers send forms with `Origin: null`, which the form check refuses; nothing leaves the origin either way.
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      xFrameOptions: { action: 'deny' },
    }),
  );
  app.use((request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
    // The public origin is configured; whatever else a Host header says is not us (RS-6).
    if (request.headers.host !== new URL(options.origin).host)
      return next(webProblems.wrongHost(`This service is at ${options.origin}.`));
    next();
  });
  serveAssets(app);
  app.use((_: Request, response: Response, next: NextFunction) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  for (const handler of before) app.use(handler);
  app.use((request: Request, response: Response, next: NextFunction) => {
    rememberBrowser(request, response, options.origin, options.client);
    next();
  });
  app.use(express.urlencoded({ extended: false, limit: '100kb', parameterLimit: 500 }));
  app.use(express.json({ limit: '100kb' }));
  app.use((request: Request, _: Response, next: NextFunction) => {
    const unfit = request.url.includes('%00') || isUnfit(request.body);
    next(
      unfit
        ? kernelProblems.badInput(
            'What was sent holds something that cannot be typed. Type it anew instead of pasting.',
          )
        : undefined,
    );
  });
}

/** Style sheets, fonts, pictures and scripts of the pages, under /assets. */
export function serveAssets(app: { use(path: string, handler: RequestHandler): unknown }): void {
  app.use('/assets/uswds', express.static(uswds, { maxAge: '1d', index: false, redirect: false }));
  app.use(
    '/assets/edlink',
    express.static(join(projectRoot, 'libs/web/public'), { maxAge: '1h', index: false, redirect: false }),
  );
}

/** How deep a body may be nested (IN-1). */
const deepest = 4;

/** A text with NUL, which nobody types and PostgreSQL chokes on, or a body nested deeper than any form of ours. */
const isUnfit = (value: unknown, depth = 0): boolean => {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return (
    depth >= deepest || Object.entries(value).some(([name, one]) => name.includes('\0') || isUnfit(one, depth + 1))
  );
};

/**
 * Every route says who may use it (AC-1), and where forms are keyed, what becomes of a form that comes twice; an app
 * with one that does not refuses to start.
 */
function refuseUndeclaredRoutes(app: NestExpressApplication, { keyedForms }: WebOptions): void {
  const routes = routesOf(app);
  const refuse = (what: string, undeclared: Route[]): void => {
    if (undeclared.length) throw new Error(`No ${what} on: ${undeclared.map((route) => route.handler).join(', ')}`);
  };
  refuse(
    '@Access',
    routes.filter((route) => !route.access),
  );
  if (keyedForms)
    refuse(
      '@Repeat',
      routes.filter((route) => route.method !== 'GET' && !route.repeat),
    );
}

export interface Route {
  method: string;
  path: string;
  access?: string;
  repeat?: RepeatWay;
  handler: string;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD'];

/** All routes of an app, as Nest knows them; the CSRF and access tests walk this table. */
export function routesOf(app: NestExpressApplication): Route[] {
  const reflector = app.get(Reflector);
  const scanner = new MetadataScanner();
  const routes: Route[] = [];
  for (const wrapper of app.get(DiscoveryService, { strict: false }).getControllers()) {
    const controller = wrapper.metatype as unknown as { prototype: object; name: string };
    const prefixes = ([] as string[]).concat((Reflect.getMetadata('path', controller) as string | string[]) ?? '');
    for (const name of scanner.getAllMethodNames(controller.prototype)) {
      const handler = (controller.prototype as Record<string, object>)[name]!;
      const path = Reflect.getMetadata('path', handler) as string | string[] | undefined;
      if (path === undefined) continue;
      const method = methods[Reflect.getMetadata('method', handler) as number] ?? 'GET';
      for (const prefix of prefixes) {
        for (const one of ([] as string[]).concat(path)) {
          const whole = `/${prefix}/${one}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
          routes.push({
            method,
            path: whole,
            access: accessOf(reflector, handler, controller),
            repeat: repeatOf(reflector, handler),
            handler: `${controller.name}.${name}`,
          });
        }
      }
    }
  }
  return routes.sort((one, other) => `${one.path} ${one.method}`.localeCompare(`${other.path} ${other.method}`));
}
