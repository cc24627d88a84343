import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type Provider from 'oidc-provider';
import { Clock, minutes, seconds, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { Signals } from '#signals';
import { isBusy } from '#web';
import { ClientRefusals } from './client-refusals.js';
import { guardConfiguration } from './guard-configuration.js';
import { OidcStore } from './oidc-store.js';
import { providerConfiguration } from './provider-configuration.js';
import { Decider } from './decider.js';
import { QueryProvider } from './query-provider.js';
import { shapeProvider } from './shape-provider.js';
import { type IssuerKey, SigningKeys } from './signing-keys.service.js';

const keysCheckedEvery = seconds(15);
const purgedEvery = minutes(10);

/** The library's provider with the signing keys of now: made at start, and made anew when the keys changed. */
@Injectable()
export class RunningProvider implements OnModuleInit {
  private readonly log = new Logger('oidc');
  private provider?: Provider;
  private serve!: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  private version = '';
  private checkedAt = 0;
  private purgedAt = 0;
  private checking?: Promise<void>;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly keys: SigningKeys,
    private readonly store: OidcStore,
    private readonly decisions: Decider,
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly refusals: ClientRefusals,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.keys.ensure();
    await this.checkKeys();
  }

  get now(): Provider {
    if (!this.provider) throw new Error('the OpenID Provider has not started');
    return this.provider;
  }

  /** Answers a request to one of the OpenID Connect endpoints. */
  answer(request: IncomingMessage, response: ServerResponse, failed: (fault: unknown) => void): void {
    if (this.keysAreFresh()) void this.serve(request, response);
    else this.freshKeys().then(() => this.serve(request, response), failed);
  }

  /** Keys are looked at again after 15 seconds, by one request for all. */
  private keysAreFresh(): boolean {
    return this.clock.now().getTime() - this.checkedAt < keysCheckedEvery;
  }

  /** Without the database the keys of before go on: what they are needed for fails by itself. */
  private freshKeys(): Promise<void> {
    this.checking ??= this.checkKeys()
      .catch((fault: unknown) => this.log.error(`signing keys could not be read: ${String(fault)}`))
      .finally(() => (this.checking = undefined));
    return this.checking;
  }

  private async checkKeys(): Promise<void> {
    const keys = await this.keys.published();
    const version = keys.map((key) => key.kid).join(' ');
    if (version !== this.version) {
      this.build(keys);
      this.version = version;
    }
    this.checkedAt = this.clock.now().getTime();
    if (this.checkedAt - this.purgedAt < purgedEvery) return;
    this.purgedAt = this.checkedAt;
    await this.store.purge();
  }

  private build(keys: IssuerKey[]): void {
    const { ISSUER_ORIGIN: issuer, EDLINK_MODE: mode, TRUSTED_PROXY_HOPS: trustedHops } = this.settings;
    const configuration = providerConfiguration(this.settings, this.decisions.clients, keys, this.decisions);
    const provider = new QueryProvider(issuer, configuration);
    shapeProvider(provider, this.decisions, keys, this.signals);
    this.refusals.listenTo(provider);
    const { proxy } = provider;
    guardConfiguration(configuration, { issuer, production: mode === 'production', proxy, trustedHops });
    provider.on('backchannel.error', (_, fault, client) =>
      this.log.error(`sign-out is not told to ${client.clientId}: ${fault.message}`, fault.stack),
    );
    provider.on('server_error', (ctx, fault) => {
      this.log.error(`${ctx.method} ${ctx.path}: ${fault.message}`, fault.stack);
      if (!isBusy(fault)) return;
      ctx.status = 503;
      ctx.set('Retry-After', '5');
    });
    this.provider = provider;
    this.serve = provider.callback() as never;
  }
}
