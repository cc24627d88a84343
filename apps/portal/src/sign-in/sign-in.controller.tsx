import { Controller, Get, HttpCode, Inject, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AccountsService } from '#accounts';
import { newToken, sameText, SETTINGS, type Actor } from '#kernel';
import type { Settings } from '#settings';
import { Access, CurrentActor, endSession, type PageRequest, Pages, renewSession, Repeat } from '#web';
import { portalProblems } from '../problems.js';
import { Issuer } from './issuer.js';
import type { Proof } from './issuer.strategy.js';
import { returnTo, SignInGuard } from './sign-in.guard.js';
import { SignedOutPage } from './signed-out.page.js';

declare module 'express-session' {
  interface SessionData {
    /** What the sign-in that is under way must come back with: state, nonce, PKCE verifier. */
    signIn?: object;
    returnTo?: string;
    idToken?: string;
    /** A sign-out that is on its way through the issuer. */
    signOut?: string;
  }
}

@Controller()
export class PortalSignInController {
  constructor(
    private readonly issuer: Issuer,
    private readonly accounts: AccountsService,
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Strangers never come this far: the guard sends them to the issuer. */
  @Get('sign-in')
  @Access('anyone')
  @UseGuards(SignInGuard)
  signIn(@Query('returnTo') wanted: unknown, @Res() response: Response): void {
    response.redirect(303, returnTo(wanted, this.settings));
  }

  @Get('sign-in/callback')
  @Access('anyone')
  @UseGuards(SignInGuard)
  async signedIn(
    @Req() request: Request & { proof?: Proof },
    @CurrentActor() actor: Actor,
    @Res() response: Response,
  ): Promise<void> {
    const { proof } = request;
    const next = request.session.returnTo ?? '/';
    if (actor.accountId || !proof) return response.redirect(303, '/');
    if (!(await this.accounts.sessionLives(proof.accountId, proof.authTime))) {
      throw portalProblems.signInFailed(
        'Your sessions were ended while you signed in. Go to the home page and choose Sign in again.',
        { refusal: { action: 'portal.sign-in' } },
      );
    }
    // A new id: whoever planted the old one in this browser holds nothing (SE-1).
    await renewSession(request, { accountId: proof.accountId, authTime: proof.authTime, idToken: proof.idToken });
    response.redirect(303, next);
  }

  /** Keeps the session alive: the act of asking is enough. */
  @Post('session/extend')
  @Repeat('harmless')
  @Access('signed-in')
  @HttpCode(204)
  extend(): void {}

  /** Ends the portal's session at once, then sends the browser through the issuer, which ends its own (SE-6). */
  @Post('sign-out')
  @Repeat('harmless')
  @Access('anyone')
  async signOut(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { idToken } = request.session;
    const signOut = newToken();
    await renewSession(request, { signOut });
    // Cookies stay until we are back: the issuer may share our domain, and needs its own cookie to end its session.
    response.setHeader('Clear-Site-Data', '"cache", "storage"');
    const issuer = idToken ? await this.issuer.signOutAddress(idToken, signOut) : undefined;
    response.redirect(303, issuer ?? `/signed-out?state=${signOut}`);
  }

  /** Clears the browser for whoever just signed out; a link from elsewhere signs nobody out. */
  @Get('signed-out')
  @Access('anyone')
  async signedOut(@Req() request: PageRequest, @Query('state') state: unknown): Promise<string> {
    const { signOut } = request.session;
    if (signOut && typeof state === 'string' && sameText(state, signOut)) {
      await endSession(request);
      request.res?.setHeader('Clear-Site-Data', '"cache", "cookies", "storage"');
    }
    return this.pages.draw(request, (frame) => <SignedOutPage frame={frame} />);
  }
}
