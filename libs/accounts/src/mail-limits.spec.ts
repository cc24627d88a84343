import type { Actor } from '#kernel';
import { passphrase, startAccounts, type TestAccounts } from '../../../test/support/accounts.js';
import { PassphraseReset, RegistrationService } from './index.js';

let lab: TestAccounts;
let networks = 0;
const stranger = (): Actor => ({ client: 'issuer', address: `2001:db8:${(++networks).toString(16)}::1` });

beforeAll(async () => {
  lab = await startAccounts();
});
afterAll(() => lab?.stop());

describe('mails strangers cause', () => {
  it('RS-8 typing somebody’s address into other forms all day does not use up their way back in', async () => {
    const { id, email } = await lab.account('busy.mailbox');
    const words = (kind: string): Promise<unknown[]> =>
      lab.sql(`select 1 from message where recipient_id = ? and kind = ?`, [id, `account.${kind}`]);
    for (let hour = 1; hour <= 12; hour++) {
      for (let at = 0; at < 4; at++)
        await lab.get(RegistrationService).register(stranger(), {
          userName: `busy.${hour}.${at}`,
          firstName: 'Inez',
          lastName: 'Guidry',
          email,
          passphrase,
        });
      lab.clock.advance(61 * 60 * 1000);
    }
    expect((await words('already-registered')).length).toBeLessThanOrEqual(5);
    await lab.get(PassphraseReset).ask(stranger(), email);
    expect(await words('reset-passphrase')).toHaveLength(1);
  });
});
