import { Injectable } from '@nestjs/common';
import { Clock, sha256 } from '#kernel';
import { entitlementColumns, type EntitlementRow } from './entitlement.js';
import { Gather } from './gather.js';
import { type Statement, Statements } from './statements.js';

type Payload = Record<string, unknown>;

/** A stored artifact as the library wants it back; ids are put in by the adapter. */
interface StoredRow {
  payload: Payload;
  /** Seconds since 1970. */
  exp: number;
  consumed: number | null;
}

/** Everything an introspection needs, read at once; times in seconds since 1970. */
export interface IntrospectionView extends EntitlementRow {
  token: Payload;
  token_exp: number;
  account_id: string;
  /** The client the family of the token belongs to. */
  client_id: string;
  family_exp: number;
  /** The family the session holds for that client now. */
  session_grant: string | null;
  session_exp: number;
}

/** What is written: ids hashed already. */
export interface Artifact {
  kind: string;
  id: string;
  payload: Payload;
  accountId?: string;
  clientId?: string;
  grantId?: string;
  uid?: string;
  /** Seconds since 1970. */
  authTime?: number;
  exp: number;
}

/** How long the issuer remembers a session without use, and at most since the person proved who they are (SE-3), in seconds. */
export const sessionSeconds = { idle: 30 * 60, overall: 12 * 60 * 60 };

/** The rule of life: what belongs to an account lives while it is active and nobody ended its sessions since (SE-4). */
const alive = (artifact: string): string => `(${artifact}.account_id is null or exists (
  select 1 from account p where p.id = ${artifact}.account_id and p.status = 'active'
    and (${artifact}.auth_time is null or ${artifact}.auth_time > date_trunc('second', p.sessions_ended_at))))`;

const columns = `a.payload, extract(epoch from a.expires_at)::int as exp, extract(epoch from a.consumed_at)::int as consumed`;
const written = `kind, id, payload, account_id, client_id, grant_id, uid, auth_time, expires_at`;
const values = `$1::text, $2::text, $3::jsonb, $4::uuid, $5::text, $6::text, $7::text, to_timestamp($8::float8), to_timestamp($9::float8)`;
const statement = (name: string, text: string): Statement => ({ name: `oidc-${name}`, text });

const find = statement(
  'find',
  `select ${columns} from oidc_artifact a where a.kind = $1 and a.id = $2 and ${alive('a')}`,
);
const findByUid = statement(
  'find-by-uid',
  `select ${columns} from oidc_artifact a where a.uid = $1 and a.kind = 'Session' and ${alive('a')}`,
);
const insert = statement(
  'insert',
  `insert into oidc_artifact (${written}) values (${values})
  on conflict (kind, id) do update set payload = excluded.payload, account_id = excluded.account_id, client_id = excluded.client_id,
    uid = excluded.uid, auth_time = excluded.auth_time, expires_at = excluded.expires_at`,
);
// The grant is held while its token is written, so a family that is being revoked gets no new member.
const insertMember = statement(
  'insert-member',
  `with family as (
    select 1 from oidc_artifact a where a.kind = 'Grant' and a.id = $6 and ${alive('a')} for share of a)
  insert into oidc_artifact (${written}) select ${values} from family`,
);
const insertOnce = statement(
  'insert-once',
  `insert into oidc_artifact as a (${written}) values (${values})
  on conflict (kind, id) do update set payload = excluded.payload, expires_at = excluded.expires_at where a.expires_at < to_timestamp($10::float8)`,
);
const consume = statement(
  'consume',
  `update oidc_artifact set consumed_at = $3::timestamptz where kind = $1 and id = $2 and consumed_at is null`,
);
const remove = statement('remove', `delete from oidc_artifact where kind = $1 and id = $2`);
// Locks are taken in one order: several who revoke the same family at once wait for each other and do not deadlock.
const removeWhere = (condition: string): string => `delete from oidc_artifact d using (
  select kind, id from oidc_artifact where ${condition} order by kind, id for update) doomed where d.kind = doomed.kind and d.id = doomed.id`;
const removeFamily = statement('remove-family', removeWhere('grant_id = $1'));
const removeFamilyOf = statement(
  'remove-family-of',
  removeWhere('grant_id = (select a.grant_id from oidc_artifact a where a.kind = $1 and a.id = $2)'),
);
const removeSession = statement('remove-session', removeWhere('uid = $1'));
const touch = statement(
  'touch',
  `update oidc_artifact set expires_at = least(to_timestamp($2::float8 + ${sessionSeconds.idle}), auth_time + interval '${sessionSeconds.overall} seconds')
  where uid = $1 and kind = 'Session' and expires_at > to_timestamp($2::float8) and expires_at < to_timestamp($2::float8 + ${sessionSeconds.idle - 60})`,
);
const signedInSince = statement(
  'signed-in-since',
  `select 1 from account p where p.id = $1 and p.status = 'active' and to_timestamp($2::float8) > date_trunc('second', p.sessions_ended_at)`,
);
const purge = statement('purge', removeWhere(`expires_at < to_timestamp($1::float8 - ${sessionSeconds.overall})`));
const introspect = statement(
  'introspect',
  `select t.id, t.payload as token, extract(epoch from t.expires_at)::int as token_exp,
    g.account_id, g.client_id, extract(epoch from g.expires_at)::int as family_exp,
    s.payload #>> array['authorizations', g.client_id, 'grantId'] as session_grant, extract(epoch from s.expires_at)::int as session_exp,
    ${entitlementColumns('$2::timestamptz', '$3')}
  from oidc_artifact t
  join account p on p.id = t.account_id and p.status = 'active'
  join oidc_artifact g on g.kind = 'Grant' and g.id = t.grant_id and g.account_id = t.account_id and g.auth_time > date_trunc('second', p.sessions_ended_at)
  join oidc_artifact s on s.uid = t.uid and s.kind = 'Session' and s.account_id = t.account_id and s.auth_time > date_trunc('second', p.sessions_ended_at)
  where t.kind = 'AccessToken' and t.id = any ($1::text[])`,
);

/** The table of everything the OpenID Provider remembers; one statement a step, safe with any number of instances. */
@Injectable()
export class OidcStore {
  /** By the applications asked about: one for each client that introspects. */
  private readonly introspections = new Map<string, Gather<IntrospectionView>>();

  constructor(
    private readonly statements: Statements,
    private readonly clock: Clock,
  ) {}

  async find(kind: string, id: string): Promise<StoredRow | undefined> {
    return (await this.statements.rows<StoredRow>(find, [kind, sha256(id)]))[0];
  }

  async findSession(uid: string): Promise<StoredRow | undefined> {
    return (await this.statements.rows<StoredRow>(findByUid, [sha256(uid)]))[0];
  }

  /**
   * Token, its family, its session, the account and its permissions of this instant: one round trip, shared by those who
   * ask while another is under way.
   */
  introspect(token: string, applications: string[]): Promise<IntrospectionView | undefined> {
    const key = applications.join(' ');
    const gather = this.introspections.get(key) ?? new Gather((ids) => this.introspectAll(ids, applications));
    this.introspections.set(key, gather);
    return gather.one(sha256(token));
  }

  async save(artifact: Artifact): Promise<void> {
    await this.statements.changed(insert, valuesOf(artifact));
  }

  /** @returns false when the family it should join is gone */
  async saveMember(artifact: Artifact): Promise<boolean> {
    return (await this.statements.changed(insertMember, valuesOf(artifact))) === 1;
  }

  /** @returns false when the id was used before and has not expired (OA-6) */
  async saveOnce(artifact: Artifact): Promise<boolean> {
    return (await this.statements.changed(insertOnce, [...valuesOf(artifact), this.now()])) === 1;
  }

  /** @returns false when it was consumed before, also by somebody in the same instant (OA-4, OA-5) */
  async consume(kind: string, id: string): Promise<boolean> {
    return (await this.statements.changed(consume, [kind, sha256(id), this.clock.now()])) === 1;
  }

  /** @returns false when it was gone already */
  async remove(kind: string, id: string): Promise<boolean> {
    return (await this.statements.changed(remove, [kind, sha256(id)])) === 1;
  }

  /** Revokes all that came from one sign-in at one client. */
  async removeFamily(grantId: string): Promise<void> {
    await this.statements.changed(removeFamily, [sha256(grantId)]);
  }

  /** The same, found by one member. */
  async removeFamilyOf(kind: string, id: string): Promise<void> {
    await this.statements.changed(removeFamilyOf, [kind, sha256(id)]);
  }

  /** Ends a session and every family that began in it. */
  async removeSession(uid: string): Promise<void> {
    await this.statements.changed(removeSession, [sha256(uid)]);
  }

  /** A person is at work: the session's idle time begins anew, written once a minute at most. */
  async touchSession(uid: string): Promise<void> {
    await this.statements.changed(touch, [sha256(uid), this.now()]);
  }

  /** Whether nobody ended the account's sessions since a moment, in seconds since 1970. */
  async signInLives(accountId: string, since: number): Promise<boolean> {
    return (await this.statements.rows(signedInSince, [accountId, since])).length === 1;
  }

  /** Forgets what nothing can refer to any more. */
  async purge(): Promise<number> {
    return this.statements.changed(purge, [this.now()]);
  }

  private async introspectAll(ids: string[], applications: string[]): Promise<Map<string, IntrospectionView>> {
    const rows = await this.statements.rows<IntrospectionView & { id: string }>(introspect, [
      ids,
      this.clock.now(),
      applications,
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  private now(): number {
    return this.clock.now().getTime() / 1000;
  }
}

const valuesOf = (one: Artifact): unknown[] => [
  one.kind,
  one.id,
  JSON.stringify(one.payload),
  one.accountId ?? null,
  one.clientId ?? null,
  one.grantId ?? null,
  one.uid ?? null,
  one.authTime ?? null,
  one.exp,
];
