import {
  createParamDecorator,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { type Actor, SETTINGS, type SignedIn } from '#kernel';
import type { Settings } from '#settings';
import { checkFormToken } from './form-token.js';
import { WEB_OPTIONS, type WebOptions } from './options.js';
import { webProblems } from './problems.js';

const accessKey = 'web.access';

/** `anyone`, `signed-in`, or a rule named in WebOptions.rules. */
export type AccessLevel = 'anyone' | 'signed-in' | (string & {});

/** Declares who may use a route. A route without it stops the app at start (AC-1). */
export const Access = (level: AccessLevel): MethodDecorator & ClassDecorator => SetMetadata(accessKey, level);

export const accessOf = (reflector: Reflector, handler: object, controller: object): AccessLevel | undefined =>
  reflector.getAllAndOverride<AccessLevel | undefined>(accessKey, [handler as never, controller as never]);

/** The actor of this request, as the access guard established it. */
export const CurrentActor = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<Request & { actor: Actor }>().actor,
);

/** Knows who acts, refuses who may not, and lets no form through without its token (WB-1). */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(WEB_OPTIONS) private readonly options: WebOptions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { actor: Actor }>();
    const response = context.switchToHttp().getResponse<Response>();
    request.actor ??= await this.options.actorOf(request, response);
    const refusal = { action: 'page.open', target: `${request.method} ${request.path}` };
    if (!['GET', 'HEAD'].includes(request.method)) checkFormToken(request, this.settings, this.options.origin);

    const level = accessOf(this.reflector, context.getHandler(), context.getClass());
    if (level === 'anyone') return true;
    const { actor } = request;
    if (!actor.accountId) throw webProblems.signedOut('Sign in first; then this page opens.', { refusal });
    if (level === 'signed-in') return true;
    const rule = level && this.options.rules[level];
    if (!rule || !(await rule(actor as SignedIn))) {
      const told = level === undefined ? undefined : this.options.refusals?.[level];
      throw webProblems.notYours(
        told?.detail ?? 'This page is not open to you. If your duties changed, ask for access on your home page.',
        { refusal, link: told?.link },
      );
    }
    return true;
  }
}
