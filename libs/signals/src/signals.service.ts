import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { batches, Changes, Clock, newId, sha256 } from '#kernel';
import { type Family, familiesOfAccounts, familiesOfSession } from './families.js';
import type { RelyingClient } from './relying-clients.js';
import { RELYING_CLIENTS } from './relying-clients.provider.js';
import type { SignalKind } from './signal.js';

/** Task name the worker listens for; its payload names a client. */
export const signalTask = 'send-signals';

/** Notes which applications must hear of a change of somebody's access, in the transaction of the change (OA-11). */
@Injectable()
export class Signals implements OnModuleInit {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly changes: Changes,
    @Inject(RELYING_CLIENTS) private readonly clients: RelyingClient[],
  ) {}

  onModuleInit(): void {
    this.changes.follow(async (_, change) => {
      for (const some of batches(change.accountIds ?? [], 1000)) await this.accountsChanged(some);
    });
  }

  /**
   * One session of the issuer ends: each application opened in it is told. Call it before the session is forgotten.
   * @param uid the session's second name, as the provider calls it
   */
  sessionEnds(uid: string): Promise<void> {
    return this.em
      .fork()
      .transactional(async (em) => this.write(em, await familiesOfSession(em, sha256(uid), this.clock.now())));
  }

  /** The person signs out of one application, by the id it knows the session by. */
  sessionEndsAt(clientId: string, accountId: string, sid: string): Promise<void> {
    return this.em.fork().transactional((em) => this.write(em, [{ accountId, clientId, sid, ended: true }]));
  }

  private async accountsChanged(accountIds: string[]): Promise<void> {
    await this.write(this.em, await familiesOfAccounts(this.em, accountIds, this.told, this.clock.now()));
  }

  /** The clients that are told anything. */
  private get told(): RelyingClient[] {
    return this.clients.filter((client) => client.backchannelLogoutUri ?? client.signalsUri);
  }

  private async write(em: EntityManager, families: Family[]): Promise<void> {
    const rows = families.flatMap((family) =>
      this.kindsFor(family).map((kind) => ({
        id: newId(),
        account_id: family.accountId,
        client_id: family.clientId,
        kind,
        sid: kind === 'token-claims-change' ? null : family.sid,
      })),
    );
    if (!rows.length) return;
    const now = this.clock.now();
    await em.execute(
      `insert into signal (id, account_id, client_id, kind, sid, created_at, next_attempt_at)
       select id, account_id, client_id, kind, sid, ?, ?
       from json_to_recordset(?::json) as told (id uuid, account_id uuid, client_id text, kind text, sid text)`,
      [now, now, JSON.stringify(rows)],
    );
    // Without a key: two who end access at the same time must not wait for each other's commit.
    await em.execute(
      `select graphile_worker.add_jobs(array(
         select ('${signalTask}', json_build_object('clientId', value), null, null, 1, null, null, null)::graphile_worker.job_spec
         from json_array_elements_text(?::json)))`,
      [JSON.stringify([...new Set(rows.map((row) => row.client_id))])],
    );
  }

  private kindsFor({ clientId, ended }: Family): SignalKind[] {
    const client = this.clients.find((one) => one.id === clientId);
    const events = client?.signalsUri !== undefined;
    if (!ended) return events ? ['token-claims-change'] : [];
    return [
      ...(client?.backchannelLogoutUri === undefined ? [] : (['logout'] as const)),
      ...(events ? (['session-revoked'] as const) : []),
    ];
  }
}
