import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { AuditService } from '#audit';
import { type Actor, Clock, days, hours, newId, seal, SETTINGS, unseal } from '#kernel';
import type { Settings } from '#settings';

/** A key as the provider gets it: private JWK with `kid`, `alg` and `use`. */
export type IssuerKey = JWK & { kid: string };

interface KeyRow {
  kid: string;
  sealed_private: string;
  active_from: string;
  retired_at: string | null;
}

const algorithm = 'RS256';
const purpose = 'signing-key';
/** Longer than anything signed with it is of use: tokens live 5 minutes, an ID token is a logout hint for a session's length. */
const shownAfterRetirement = days(1);
/** A new key is published this long before it signs, so that every application has seen it (TK-4). */
export const leadTime = hours(1);

/** The keys tokens are signed with: in the database, sealed, so that every instance signs with the same one. */
@Injectable()
export class SigningKeys {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Makes the first key where there is none; two instances that start at once make one. */
  async ensure(): Promise<void> {
    const exists = 'select 1 from signing_key where retired_at is null';
    if ((await this.em.fork().execute(exists)).length) return;
    const key = await this.make();
    await this.em.fork().transactional(async (em) => {
      await this.lock(em);
      if (!(await em.execute(exists)).length) await this.insert(em, key, this.clock.now());
    });
  }

  /** The key that signs now comes first, then those to come, then retired ones whose tokens may still live. */
  async published(): Promise<IssuerKey[]> {
    const now = this.clock.now();
    const rows = await this.em.fork().execute<KeyRow[]>(
      `select kid, sealed_private, active_from, retired_at from signing_key where retired_at is null or retired_at > ?
       order by active_from <= ? and coalesce(retired_at > ?, true) desc, active_from desc, kid`,
      [new Date(now.getTime() - shownAfterRetirement), now, now],
    );
    return rows.map((row) => JSON.parse(unseal(this.settings.DATA_SECRET, purpose, row.sealed_private)) as IssuerKey);
  }

  /**
   * Makes a new key. It is published at once and signs after the lead time; then the one before it retires.
   * @param withdraw the old keys are known to somebody: the new one signs now, and theirs are worth nothing any more
   * @returns kid and first use of the new key
   */
  async rotate(actor: Actor, { withdraw = false } = {}): Promise<{ kid: string; activeFrom: Date }> {
    const key = await this.make();
    const activeFrom = withdraw ? this.clock.now() : new Date(this.clock.now().getTime() + leadTime);
    await this.em.transactional(async (em) => {
      await this.lock(em);
      await em.execute(
        withdraw
          ? `update signing_key set retired_at = ?`
          : `update signing_key set retired_at = ? where retired_at is null`,
        [withdraw ? new Date(0) : activeFrom],
      );
      await this.insert(em, key, activeFrom);
      await this.audit.record(actor, {
        action: 'signing-key.rotate',
        target: `signing-key:${key.kid}`,
        after: { activeFrom, withdraw },
      });
    });
    return { kid: key.kid, activeFrom };
  }

  private async make(): Promise<IssuerKey> {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    return { ...(await exportJWK(privateKey)), kid: newId(), alg: algorithm, use: 'sig' };
  }

  private async lock(em: EntityManager): Promise<void> {
    await em.execute(`select pg_advisory_xact_lock(hashtextextended('signing keys', 0))`);
  }

  private async insert(em: EntityManager, key: IssuerKey, activeFrom: Date): Promise<void> {
    const { kid, kty, n, e, alg, use } = key;
    await em.execute(
      'insert into signing_key (kid, alg, sealed_private, public_jwk, created_at, active_from) values (?, ?, ?, ?, ?, ?)',
      [
        kid,
        algorithm,
        seal(this.settings.DATA_SECRET, purpose, JSON.stringify(key)),
        JSON.stringify({ kid, kty, n, e, alg, use }),
        this.clock.now(),
        activeFrom,
      ],
    );
  }
}
