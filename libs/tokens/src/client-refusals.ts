import { isIP } from 'node:net';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { AuditService } from '#audit';
import { Clock, minutes, networkOf, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { tokensProblems } from './problems.js';

/** More than this many in a minute say nothing new, and must not fill the audit log. */
const mostNoted = 60;
const endpoints = ['grant.error', 'introspection.error', 'revocation.error'];

/** Writes down that an application did not prove who it is: once a minute for each application and network. */
@Injectable()
export class ClientRefusals {
  private readonly log = new Logger('oidc');
  private readonly noted = new Set<string>();
  private since = 0;

  constructor(
    private readonly audit: AuditService,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Hears what the library refuses. */
  listenTo(provider: Provider): void {
    for (const event of endpoints)
      provider.on(event as 'grant.error', (ctx, fault) => {
        if (fault.error === 'invalid_client') void this.note(ctx);
      });
  }

  private async note(ctx: KoaContextWithOIDC): Promise<void> {
    const [address, client] = [this.addressOf(ctx), ctx.oidc.client?.clientId ?? 'unknown'];
    if (!this.isNews(`${client} ${networkOf(address)}`)) return;
    const refusal = { action: 'client.authenticate', target: `client:${client}` };
    const problem = tokensProblems.clientRefused('Its secret or its assertion was not accepted.', { refusal });
    await this.audit
      .recordRefusal({ client: 'issuer', address }, problem)
      .catch((fault: Error) => this.log.error(`a refused client could not be written down: ${fault.message}`));
  }

  private isNews(key: string): boolean {
    const now = this.clock.now().getTime();
    if (now - this.since >= minutes(1)) {
      this.noted.clear();
      this.since = now;
    }
    if (this.noted.has(key) || this.noted.size >= mostNoted) return false;
    this.noted.add(key);
    return true;
  }

  /** As the configured proxies tell it; programs do not come by the framework that knows this for pages. */
  private addressOf({ req, headers }: KoaContextWithOIDC): string {
    const socket = req.socket.remoteAddress ?? 'unknown';
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    const named = [...forwarded.map((part) => part.trim()), socket].at(-1 - this.settings.TRUSTED_PROXY_HOPS) ?? '';
    return isIP(named) ? named : socket;
  }
}
