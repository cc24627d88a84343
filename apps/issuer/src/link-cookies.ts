import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { LinkPurpose } from '#accounts';
import { minutes, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { cookieName, cookieOf } from '#web';

/** `reset-proof` is what the browser that opened a reset link holds for its last step. */
export type KeptLink = LinkPurpose | 'reset-proof';

/**
 * Takes the token of a link out of the address bar at once, into a short-lived cookie no script can read (RS-7): it is
 * then in no history, no referrer and no log.
 */
@Injectable()
export class LinkCookies {
  private readonly origin: string;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.origin = settings.ISSUER_ORIGIN;
  }

  keep(response: Response, kind: KeptLink, token: unknown): void {
    response.setHeader('Referrer-Policy', 'no-referrer');
    // What cannot be a token of ours is not worth keeping.
    response.cookie(this.name(kind), typeof token === 'string' && /^[\w-]{1,100}$/.test(token) ? token : '', {
      ...this.flags(),
      maxAge: minutes(15),
    });
  }

  /** The token this browser holds; empty when none. */
  of(request: Request, kind: KeptLink): string {
    return cookieOf(request, this.name(kind)) ?? '';
  }

  drop(response: Response, kind: KeptLink): void {
    response.clearCookie(this.name(kind), this.flags());
  }

  private name = (kind: KeptLink): string => cookieName(this.origin, `edlink_issuer_${kind.replaceAll('-', '_')}`);

  private flags = () => ({
    httpOnly: true,
    secure: this.origin.startsWith('https://'),
    sameSite: 'lax' as const,
    path: '/',
  });
}
