import { anAccount } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';

describe('portal', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal();
  });
  afterAll(() => portal?.stop());

  it('greets strangers with the two ways in', async () => {
    const { status, html } = await portal.stranger().open('/');
    expect(status).toBe(200);
    expect(html).toContain('/register');
    expect(html).toContain('href="/sign-in"');
  });

  it('leads somebody new to the Staff ID', async () => {
    const visitor = await portal.signedIn({ accountId: await anAccount(portal.em) });
    const { status, text } = await visitor.open('/');
    expect(status).toBe(200);
    expect(text).toContain('Next: link your Staff ID');
  });
});
