import { timingSafeEqual } from 'node:crypto';
import { Controller, ForbiddenException, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { EdLink, NotAdmitted } from './edlink.js';
import { ESER_OPTIONS, type EserOptions } from './options.js';
import { noPermissionPage, notePage } from './pages.js';
import { EserSessions } from './sessions.js';

/** Going to the issuer, coming back, and leaving. */
@Controller()
export class SignInController {
  constructor(
    private readonly edlink: EdLink,
    private readonly sessions: EserSessions,
    @Inject(ESER_OPTIONS) private readonly options: EserOptions,
  ) {}

  @Get('sign-in')
  async leave(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { address, state, departure } = await this.edlink.leave(ownPath(request.query.returnTo));
    const session = this.sessions.of(request) ?? this.sessions.begin(request, response);
    this.sessions.depart(session, state, departure);
    response.redirect(303, address);
  }

  @Get('callback')
  async arrive(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { state } = request.query;
    const departure = this.sessions.arrive(this.sessions.of(request), state);
    if (!departure) {
      response
        .status(400)
        .type('html')
        .send(
          notePage(
            'This sign-in is no longer open',
            'It took too long, or was begun in another browser. Nothing happened; sign in again.',
          ),
        );
      return;
    }
    try {
      const tokens = await this.edlink.arrive(
        new URL(request.originalUrl, this.options.origin).search,
        state as string,
        departure,
      );
      this.sessions.begin(request, response, tokens);
      response.redirect(303, departure.returnTo);
    } catch (fault) {
      if (!(fault instanceof NotAdmitted)) throw fault;
      this.sessions.end(request, response);
      const denied = fault.reason === 'no-permission';
      response.status(denied ? 403 : 400).type('html');
      response.send(
        denied
          ? noPermissionPage(fault.description, this.options)
          : notePage('You are not signed in', 'The sign-in could not be finished. Nothing happened; try again.'),
      );
    }
  }

  @Post('sign-out')
  async leaveForGood(@Req() request: Request, @Res() response: Response): Promise<void> {
    const session = this.sessions.of(request);
    const { _token: token } = (request.body ?? {}) as { _token?: unknown };
    if (session && !same(token, session.formToken)) throw new ForbiddenException();
    const address = session?.tokens
      ? await this.edlink.leaveForGood(session).catch(() => '/signed-out')
      : '/signed-out';
    this.sessions.end(request, response);
    // Not "cookies": that would reach those of the issuer, whose own sign-out page comes next.
    response.setHeader('Clear-Site-Data', '"cache", "storage"');
    response.redirect(303, address);
  }

  @Get('signed-out')
  signedOut(@Res() response: Response): void {
    response.type('html').send(notePage('You are signed out of eSER', 'You can close this window.'));
  }
}

const same = (one: unknown, other: string): boolean =>
  typeof one === 'string' && one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** A path of this application, never another address. */
const ownPath = (text: unknown): string =>
  typeof text === 'string' && /^\/duties\/[a-z-]{1,40}$/.test(text) ? text : '/';
