import { hash } from '@node-rs/argon2';
import type { Problem } from '#kernel';
import { testSettings } from '../../../test/support/settings.js';
import { HashingQueue } from './hashing-queue.js';
import { Passwords } from './passwords.js';

const settings = testSettings('postgres://nowhere/none');

async function passwords(): Promise<Passwords> {
  const made = new Passwords(settings);
  await made.onModuleInit();
  return made;
}

describe('passwords', () => {
  it('PW-4 argon2id with 19 MiB, two passes, a salt of 16 bytes, parameters in the hash', async () => {
    const stored = await (await passwords()).hash('violet harbor trumpet mosaic');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });

  it('PW-4 two hashes of one passphrase differ', async () => {
    const one = await passwords();
    expect(await one.hash('violet harbor trumpet mosaic')).not.toBe(await one.hash('violet harbor trumpet mosaic'));
  });

  it('PW-4 a stolen hash cannot be verified without the pepper', async () => {
    const mine = await passwords();
    const stored = await mine.hash('violet harbor trumpet mosaic');
    expect(await mine.fits(stored, 'violet harbor trumpet mosaic')).toBe(true);
    const theirs = new Passwords(testSettings('postgres://nowhere/none'));
    await theirs.onModuleInit();
    expect(await theirs.fits(stored, 'violet harbor trumpet mosaic')).toBe(false);
  });

  it('PW-4 a hash of lower cost is known as cheap', async () => {
    const one = await passwords();
    expect(one.isCheap(await hash('x', { memoryCost: 8192, timeCost: 2, parallelism: 1 }))).toBe(true);
    expect(one.isCheap(await hash('x', { memoryCost: 19456, timeCost: 1, parallelism: 1 }))).toBe(true);
    expect(one.isCheap(await one.hash('x'))).toBe(false);
  });

  it('PW-1 nothing is cut: passphrases equal in 72 bytes differ; composed and decomposed letters are one', async () => {
    const one = await passwords();
    const start = 'x'.repeat(72);
    expect(await one.fits(await one.hash(`${start}a`), `${start}b`)).toBe(false);
    expect(await one.fits(await one.hash('café au lait every morning'), 'cafe\u0301 au lait every morning')).toBe(true);
  });

  it('EN-2 without a stored hash the same work is done', async () => {
    const one = await passwords();
    const stored = await one.hash('violet harbor trumpet mosaic');
    const before = one.done;
    expect(await one.fits(stored, 'wrong')).toBe(false);
    expect(one.done - before).toBe(1);
    expect(await one.fits(undefined, 'wrong')).toBe(false);
    expect(await one.fits(null, '')).toBe(false);
    expect(one.done - before).toBe(3);
  });

  it('PW-5 four at a time, fifty wait, the rest is told to come back', async () => {
    const queue = new HashingQueue(4, 50);
    let now = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await new Promise((resume) => setTimeout(resume, 5));
      now--;
    };
    const ends = await Promise.allSettled(Array.from({ length: 200 }, () => queue.run(work)));
    expect(most).toBe(4);
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(54);
    const refused = ends.find((end) => end.status === 'rejected')!.reason as Problem;
    expect([refused.status, refused.retryAfter]).toEqual([503, 5]);
    await expect(queue.run(() => Promise.reject(new Error('fails')))).rejects.toThrow('fails');
    await expect(queue.run(() => Promise.resolve('free again'))).resolves.toBe('free again');
  });
});
