import { Controller, Get, Inject, NotFoundException, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { duties } from './duties.js';
import { EdLink, NotAdmitted } from './edlink.js';
import { ESER_OPTIONS, type EserOptions } from './options.js';
import { dutyPage, homePage, notePage, refusedPage, welcomePage } from './pages.js';
import { type EserSession, EserSessions } from './sessions.js';
import type { VerifiedAccess } from '#guard';

interface Present {
  access: VerifiedAccess;
  session: EserSession;
}

/** The pages: each asks the guard, at each request. */
@Controller()
export class DutiesController {
  constructor(
    private readonly edlink: EdLink,
    private readonly sessions: EserSessions,
    @Inject(ESER_OPTIONS) private readonly options: EserOptions,
  ) {}

  @Get()
  async home(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!this.sessions.of(request)?.tokens) return void response.type('html').send(welcomePage());
    const present = await this.present(request, response);
    if (present) response.type('html').send(homePage(present.access, present.session.formToken));
  }

  @Get('duties/:path')
  async open(
    @Param('path') path: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const duty = duties.find((one) => one.path === path);
    if (!duty) throw new NotFoundException();
    if (!this.sessions.of(request)?.tokens)
      return response.redirect(303, `/sign-in?returnTo=${encodeURIComponent(`/duties/${duty.path}`)}`);
    const present = await this.present(request, response);
    if (!present) return;
    const { access, session } = present;
    const where = access.where(duty.permission);
    if (!where)
      return void response
        .status(403)
        .type('html')
        .send(refusedPage(duty, this.options, session.formToken));
    const place = placeOf(query);
    const asked = place && { ...place, open: access.may(duty.permission, place) };
    response
      .status(asked?.open === false ? 403 : 200)
      .type('html')
      .send(dutyPage({ duty, where, formToken: session.formToken, asked }));
  }

  /** Who is here, with the rights of this moment; when the issuer ended the sign-in, the session ends too. */
  private async present(request: Request, response: Response): Promise<Present | undefined> {
    const session = this.sessions.of(request)!;
    try {
      return { access: await this.edlink.access(session), session };
    } catch (fault) {
      if (!(fault instanceof NotAdmitted)) throw fault;
      this.sessions.end(request, response);
      const text = fault.description || 'You were signed out: the time was over, or your access changed.';
      response.status(401).type('html').send(notePage('Please sign in again', text));
      return undefined;
    }
  }
}

/** The codes a person typed; nothing when they are not codes. */
function placeOf({ system, site }: Record<string, unknown>): { system: string; site?: string } | undefined {
  if (!isCode(system)) return undefined;
  if (site === undefined || site === '') return { system };
  return isCode(site) ? { system, site } : undefined;
}

const isCode = (text: unknown): text is string => typeof text === 'string' && /^[0-9A-Z][0-9A-Z-]{0,29}$/.test(text);
