import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { RelyingClient } from './relying-clients.js';
import { RELYING_CLIENTS } from './relying-clients.provider.js';

/** Whether an application knows of a change of somebody's access. */
export interface Delivery {
  clientId: string;
  /** The application's name. */
  application: string;
  /** When it was first to be told. */
  toldAt: Date;
  /** When it had confirmed everything; absent: it has not been reached since `toldAt`. */
  confirmedAt?: Date;
  /** It was tried for 24 hours and given up. */
  givenUpAt?: Date;
  attempts: number;
}

interface Row {
  client_id: string;
  told_at: string;
  open: boolean;
  confirmed_at: string | null;
  given_up_at: string | null;
  attempts: number;
}

/** For pages: which applications were told of a person's removal, and which of them confirmed. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly em: EntityManager,
    @Inject(RELYING_CLIENTS) private readonly clients: RelyingClient[],
  ) {}

  /**
   * One line for each application that was to be told something about an account since then.
   * @param application catalogue code: only those that are told its permissions
   */
  async of(accountId: string, since: Date, application?: string): Promise<Delivery[]> {
    const rows = await this.em.execute<Row[]>(
      `select client_id, min(created_at) as told_at, bool_or(sent_at is null) as open, max(sent_at) as confirmed_at,
         max(dead_at) as given_up_at, max(attempts) as attempts
       from signal where account_id = ? and created_at >= ? group by client_id order by client_id`,
      [accountId, since],
    );
    const wanted = rows.filter(
      (row) => application === undefined || this.toldOf(application).some(({ id }) => id === row.client_id),
    );
    return wanted.map((row) => ({
      clientId: row.client_id,
      application: this.clients.find(({ id }) => id === row.client_id)?.name ?? row.client_id,
      toldAt: new Date(row.told_at),
      ...(!row.open && row.confirmed_at && { confirmedAt: new Date(row.confirmed_at) }),
      ...(row.given_up_at && { givenUpAt: new Date(row.given_up_at) }),
      attempts: row.attempts,
    }));
  }

  /** Names of the applications that hear at once when permissions of a catalogue entry change. */
  listeners(application: string): string[] {
    return this.toldOf(application).map(({ name }) => name);
  }

  private toldOf(application: string): RelyingClient[] {
    return this.clients.filter(
      (client) =>
        client.applications.includes(application) && (client.signalsUri ?? client.backchannelLogoutUri) !== undefined,
    );
  }
}
