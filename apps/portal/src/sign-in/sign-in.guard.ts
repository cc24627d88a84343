import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { type Actor, Problem, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { localPath } from '#web';
import { portalProblems } from '../problems.js';
import { Issuer } from './issuer.js';
import type { Proof } from './issuer.strategy.js';

/** Sends a stranger to the issuer, and on the way back checks what the issuer says; who is signed in passes. */
@Injectable()
export class SignInGuard extends AuthGuard('issuer') {
  constructor(
    private readonly issuer: Issuer,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    super({ session: false, property: 'proof' });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { actor: Actor }>();
    if (request.actor.accountId) return true;
    await this.issuer.configuration();
    if (request.path === '/sign-in') request.session.returnTo = returnTo(request.query.returnTo, this.settings);
    else if (!request.session.signIn) throw startAgain(undefined);
    return (await super.canActivate(context)) as boolean;
  }

  override handleRequest<TUser = Proof>(fault: unknown, proof: TUser | false, told: unknown): TUser {
    if (fault instanceof Problem) throw fault;
    if (fault && isAway(fault))
      throw portalProblems.issuerAway('The sign-in service does not answer. Wait a minute and try again.', {
        cause: fault,
        retryAfter: 30,
      });
    if (fault || !proof) throw startAgain(fault ?? told);
    return proof;
  }
}

/** `account` stands for the account page of the issuer; anything else must be a path of ours (WB-3). */
export const returnTo = (text: unknown, settings: Settings): string =>
  text === 'account' ? `${settings.ISSUER_ORIGIN}/account` : localPath(text, settings.PORTAL_ORIGIN);

const startAgain = (cause: unknown): Problem =>
  portalProblems.signInFailed(
    'The sign-in was interrupted, took too long, or came from another browser. Go to the home page and choose Sign in again.',
    {
      cause,
      refusal: { action: 'portal.sign-in' },
    },
  );

/** The issuer could not be reached, or answered with a fault of its own. */
function isAway(fault: unknown): boolean {
  const { code, cause, status } = fault as {
    code?: string;
    cause?: { code?: string; status?: number };
    status?: number;
  };
  return fault instanceof TypeError || code === 'OAUTH_TIMEOUT' || (status ?? cause?.status ?? 0) >= 500;
}
