import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  allowInsecureRequests,
  buildEndSessionUrl,
  ClientSecretBasic,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client';
import { SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { portalProblems } from '../problems.js';
import { IssuerStrategy } from './issuer.strategy.js';

/** The issuer may start a moment after the portal: how often, and after how many milliseconds, discovery is tried again. */
const patience = { tries: 4, pause: 400 };

/** The issuer as this portal knows it: found when the first person signs in, then kept. */
@Injectable()
export class Issuer {
  private readonly log = new Logger('issuer');
  private found?: Promise<Configuration>;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws Problem 503 when the issuer does not answer; the next call asks again */
  async configuration(): Promise<Configuration> {
    this.found ??= this.discover();
    try {
      return await this.found;
    } catch (fault) {
      this.found = undefined;
      this.log.error(`${this.settings.ISSUER_ORIGIN} did not answer: ${String(fault)}`);
      throw portalProblems.issuerAway('The sign-in service does not answer. Wait a minute and try again.', {
        cause: fault,
        retryAfter: 30,
      });
    }
  }

  /** Where a browser goes to end its session at the issuer; undefined when the issuer does not answer or has no such page. */
  async signOutAddress(idToken: string, state: string): Promise<string | undefined> {
    const configuration = await this.configuration().catch(() => undefined);
    if (!configuration?.serverMetadata().end_session_endpoint) return undefined;
    return buildEndSessionUrl(configuration, {
      id_token_hint: idToken,
      post_logout_redirect_uri: `${this.settings.PORTAL_ORIGIN}/signed-out`,
      state,
    }).href;
  }

  private async discover(): Promise<Configuration> {
    const { ISSUER_ORIGIN, PORTAL_CLIENT_SECRET, EDLINK_MODE, PORTAL_ORIGIN } = this.settings;
    // Plain http is for a demonstration on one machine; settings refuse it in production.
    const demo = EDLINK_MODE === 'demo' ? [allowInsecureRequests] : [];
    for (let left = patience.tries; ; left -= 1) {
      try {
        const configuration = await discovery(
          new URL(ISSUER_ORIGIN),
          'portal',
          undefined,
          ClientSecretBasic(PORTAL_CLIENT_SECRET),
          {
            execute: [...demo, enableNonRepudiationChecks],
            timeout: 5,
          },
        );
        // Registers itself with passport, for the guard.
        new IssuerStrategy(configuration, `${PORTAL_ORIGIN}/sign-in/callback`);
        return configuration;
      } catch (fault) {
        if (left <= 1) throw fault;
        await new Promise((resolve) => setTimeout(resolve, patience.pause));
      }
    }
  }
}
