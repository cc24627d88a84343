import { startIssuer, type TestIssuer } from '../support/issuer.js';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer?.stop());

const get = (path: string, cookie?: string): Promise<Response> =>
  fetch(`${issuer.origin}${path}`, {
    redirect: 'manual',
    headers: { accept: 'text/html', ...(cookie !== undefined && { cookie }) },
  });

describe('IN-1 what no browser of ours sends is no fault of ours', () => {
  it.each(['%', '%E0%A4%A', '%C0%80', '"', '='])('a cookie that cannot be read is none: %s', async (value) => {
    for (const [path, status] of [
      ['/register', 200],
      ['/reset', 422],
      ['/reset/passphrase', 422],
    ] as const) {
      const names = ['browser', 'session', 'interaction', 'reset_passphrase', 'reset_proof', 'device'];
      const cookie = names.map((name) => `edlink_issuer_${name}=${value}`).join('; ');
      expect([path, (await get(path, cookie)).status]).toEqual([path, status]);
    }
  });

  it.each([`${'a'.repeat(99)}😀`, '😀'.repeat(60), 'a b', '%FF'])('a token that is none of ours: %s', async (token) => {
    for (const path of ['/confirm', '/reset', '/address', '/not-me']) {
      const answer = await get(`${path}?token=${encodeURIComponent(token)}`);
      expect([path, answer.status]).toEqual([path, 303]);
      expect(answer.headers.getSetCookie().join()).not.toMatch(/%F0|%FF|aaa/);
    }
  });
});
