import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { type DueSignal, RELYING_CLIENTS, type RelyingClient, SignalOutbox } from '#signals';
import { type Answer, postTo } from './signal-post.js';
import { SignalTokens } from './signal-tokens.js';

/** Tells applications what waits for them, until they confirm (OA-11). Any number of workers may do so at once. */
@Injectable()
export class SignalSender {
  private readonly log = new Logger('signals');

  constructor(
    private readonly outbox: SignalOutbox,
    private readonly tokens: SignalTokens,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(RELYING_CLIENTS) private readonly clients: RelyingClient[],
  ) {}

  /** Sends one after the other what is due for a client. */
  async drain(clientId: string): Promise<void> {
    for (let due = await this.outbox.take(clientId); due; due = await this.outbox.take(clientId)) await this.send(due);
  }

  /** Sends all that is due; applications do not wait for each other. */
  async sendDue(): Promise<void> {
    const clients = await this.outbox.dueClients();
    await Promise.all(clients.map((client) => this.drain(client)));
  }

  /** Tells the operator which applications have not confirmed for more than five minutes, and tidies up. */
  async look(): Promise<void> {
    for (const { clientId, count } of await this.outbox.late())
      this.log.error(`${clientId} has not confirmed ${count} signals for more than 5 minutes; see docs/integrator.md`);
    await this.outbox.sweep();
  }

  private async send(signal: DueSignal): Promise<void> {
    const answer = await this.post(signal).catch((fault: Error) => void this.tell(signal, fault.message));
    const receipt = answer && { ...answer, at: this.clock.now().toISOString() };
    if (receipt && receipt.status >= 200 && receipt.status < 300) return this.outbox.confirmed(signal, receipt);
    if (receipt) this.tell(signal, `answered ${receipt.status}`);
    if (await this.outbox.failed(signal, receipt)) this.log.error(`${signal.id} to ${signal.clientId}: given up`);
  }

  private async post(signal: DueSignal): Promise<Answer> {
    const client = this.clients.find(({ id }) => id === signal.clientId);
    const logout = signal.kind === 'logout';
    const address = logout ? client?.backchannelLogoutUri : client?.signalsUri;
    if (address === undefined) throw new Error('config/clients.yaml names no address for it any more');
    const token = await this.tokens.of(signal);
    return postTo(
      address,
      logout
        ? { type: 'application/x-www-form-urlencoded', body: `logout_token=${token}` }
        : { type: 'application/secevent+jwt', body: token },
      this.settings.EDLINK_MODE === 'demo',
    );
  }

  /** An application that is away is a line in the log when it begins, not one every 20 seconds. */
  private tell({ id, clientId, attempts }: DueSignal, what: string): void {
    if (attempts === 1) this.log.warn(`${id} to ${clientId}: ${what}; it is tried again for 24 hours`);
  }
}
