import type { EntityManager } from '@mikro-orm/postgresql';
import type { Account } from './account.js';

/**
 * Writes a new passphrase in the caller's transaction: everything signed in ends with the same commit (SE-4), links and
 * known browsers from before are dead.
 * @returns the `authTime` (epoch seconds) with which a session may begin after it; undefined when the account was closed,
 *   or changed since `account` was read
 */
export async function writePassphrase(
  em: EntityManager,
  account: Pick<Account, 'id' | 'emailVersion' | 'passwordVersion'>,
  passwordHash: string,
  now: Date,
): Promise<number | undefined> {
  const [row] = await em.execute<{ ended: string }[]>(
    `update account set password_hash = ?, password_version = password_version + 1, password_changed_at = ?,
       sessions_ended_at = greatest(?::timestamptz, signed_in_at, sessions_ended_at)
     where id = ? and password_version = ? and email_version = ? and status = 'active'
     returning floor(extract(epoch from sessions_ended_at))::bigint as ended`,
    [passwordHash, now, now, account.id, account.passwordVersion, account.emailVersion],
  );
  return row && Number(row.ended) + 1;
}
