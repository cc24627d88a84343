import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { GuardRefusal } from '#guard';
import { EdLink } from './edlink.js';
import { EserSessions } from './sessions.js';

/** What the issuer tells this application, server to server: a session is over, somebody's access changed. */
@Controller()
export class SignalsController {
  constructor(
    private readonly edlink: EdLink,
    private readonly sessions: EserSessions,
  ) {}

  @Post('backchannel-logout')
  async logout(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { logout_token: token } = (request.body ?? {}) as { logout_token?: unknown };
    await this.answer(response, 200, async () => this.sessions.endOf(await this.edlink.loggedOut(text(token))));
  }

  @Post('events')
  async event(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(response, 202, async () => {
      const event = await this.edlink.accessChanged(text(request.body));
      if (event.kind === 'session-revoked') this.sessions.endOf(event);
    });
  }

  /** 400 in the words of both standards: `error` of back-channel logout, `err` of RFC 8935. */
  private async answer(response: Response, status: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      response.status(status).end();
    } catch (fault) {
      if (!(fault instanceof GuardRefusal)) throw fault;
      const [error, description] = ['invalid_request', fault.message];
      response.status(400).json({ error, err: error, error_description: description, description });
    }
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
