import type { EntityManager } from '@mikro-orm/postgresql';
import { effectiveRows } from '#grants';
import type { RelyingClient } from './relying-clients.js';

/** What one sign-in of a person at one application left behind at the issuer: an application may hold a session for it. */
export interface Family {
  accountId: string;
  clientId: string;
  /** The session as the application's ID token calls it. */
  sid: string | null;
  /** It opens nothing any more; else what the person may do there changed. */
  ended: boolean;
}

const sidOf = `s.payload #>> array['authorizations', g.client_id, 'sid']`;
const session = `left join oidc_artifact s on s.uid = g.uid and s.kind = 'Session' and s.account_id = g.account_id`;

/**
 * The families of accounts, as everything is now within the transaction. One that died of an ended sign-in is named once:
 * what is dead does not come back. Applications where the person holds several families get one line for each session,
 * and one for all of them while the person may still enter.
 */
export async function familiesOfAccounts(
  em: EntityManager,
  accountIds: string[],
  clients: RelyingClient[],
  now: Date,
): Promise<Family[]> {
  if (!accountIds.length || !clients.length) return [];
  const rows = await em.execute<Family[]>(
    `with asked as (select ?::timestamptz as at),
       client as (select * from json_to_recordset(?::json) as c (id text, applications text[])),
       family as (
         select distinct g.account_id, g.client_id, ${sidOf} as sid,
           p.status = 'active' and g.auth_time > date_trunc('second', p.sessions_ended_at) as signed_in,
           cardinality(c.applications) = 0
             or exists (select 1 from (${effectiveRows('p.id', 'asked.at', 'c.applications')}) e) as entitled,
           date_trunc('second', p.sessions_ended_at) as ended_at
         from asked, oidc_artifact g
         join client c on c.id = g.client_id
         join account p on p.id = g.account_id
         ${session}
         where g.kind = 'Grant' and g.expires_at > asked.at
           and g.account_id in (select value::uuid from json_array_elements_text(?::json)))
     select distinct f.account_id as "accountId", f.client_id as "clientId", not (f.signed_in and f.entitled) as ended,
       case when f.signed_in and f.entitled then null else f.sid end as sid
     from family f
     where f.signed_in or not exists (
       select 1 from signal t
       where t.account_id = f.account_id and t.client_id = f.client_id and t.sid is not distinct from f.sid
         and t.kind <> 'token-claims-change' and t.created_at >= f.ended_at)`,
    [now, JSON.stringify(clients.map(({ id, applications }) => ({ id, applications }))), JSON.stringify(accountIds)],
  );
  return rows;
}

/** The families that began in one session of the issuer. */
export function familiesOfSession(em: EntityManager, uidHash: string, now: Date): Promise<Family[]> {
  return em.execute<Family[]>(
    `select distinct g.account_id as "accountId", g.client_id as "clientId", ${sidOf} as sid, true as ended
     from oidc_artifact g ${session}
     where g.kind = 'Grant' and g.uid = ? and g.expires_at > ?`,
    [uidHash, now],
  );
}
