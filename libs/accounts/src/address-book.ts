import type { EntityManager } from '@mikro-orm/postgresql';
import type { Recipient } from '#notifications';
import { mailAddress } from './mail-address.js';

/** Where each kind of recipient keeps its address: read in the transaction that sends, never taken from a queue (ML-2). */
const rows: Record<Recipient['kind'], string> = {
  account: `select first_name || ' ' || last_name as name, email from account where id = ?`,
  registration: `select '' as name, email from registration where id = ? and confirmed_at is null and expires_at > now()`,
  'old-address': `select '' as name, old_email as email from address_change where id = ?`,
  'new-address': `select '' as name, new_email as email from address_change where id = ? and done_at is null and stopped_at is null`,
};

/** Name and address of a recipient as they are now. The name is empty where the address is not, or no longer, the account's. */
export async function addressBook(
  em: EntityManager,
  recipient: Recipient,
): Promise<{ name: string; address: string } | undefined> {
  const [row] = await em.execute<{ name: string; email: string }[]>(rows[recipient.kind], [recipient.id]);
  const address = row && mailAddress(row.email);
  return address ? { name: readableName(row.name), address } : undefined;
}

/** At most 60 characters, and nothing a mail program would turn into a link (ML-3). */
const readableName = (name: string): string => (/\p{L}\.\p{L}{2,}/u.test(name) ? '' : [...name].slice(0, 60).join(''));
