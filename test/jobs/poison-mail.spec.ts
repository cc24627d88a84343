import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '#kernel';
import { MessageKinds } from '#notifications';
import { endProcess, startProcess } from '../support/processes.js';
import { startMailRig } from './mail-rig.js';

const good = 100;

describe('mail that harms its worker', () => {
  let rig: Awaited<ReturnType<typeof startMailRig>>;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    rig = await startMailRig({ lookEvery: 500, lease: 120_000 });
  });
  afterEach(async () => {
    for (const child of children) await endProcess(child);
    await rig?.stop();
  });

  /** Queues so many messages of a kind. @returns their ids */
  async function queued(kind: string, count = 1, text = 'short'): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId());
    for (const id of ids) rig.addresses.set(id, { name: 'Céline Fontenot', address: `${id}@acadia.example` });
    await rig.em.execute(
      `with told as (
         insert into message (id, recipient_kind, recipient_id, kind, facts, queued_at, state)
         select id::uuid, 'account', id::uuid, ?, json_build_object('number', '1', 'text', ?::text), now(), 'waiting'
         from json_array_elements_text(?::json) id returning id)
       select graphile_worker.add_job('deliver-message', json_build_object('messageId', id), job_key := id::text, max_attempts := 1) from told`,
      [kind, text, JSON.stringify(ids)],
    );
    return ids;
  }
  const sent = async (): Promise<number> => (await rig.em.execute(`select 1 from message where state = 'sent'`)).length;
  async function until(what: () => Promise<boolean>, longest = 100_000): Promise<void> {
    // A worker at work may leave no place in the pool for the one who looks.
    for (const end = Date.now() + longest; !(await what().catch(() => false)); await pause(50))
      if (Date.now() > end) throw new Error(`it did not come true: ${what.toString()}`);
  }

  it(`R-14 one that throws, one that never ends, one of 50 MB, one with a fault in circles: ${good} others all leave`, async () => {
    const kinds = rig.get(MessageKinds);
    const inCircles = Object.assign(new Error('round'), { self: undefined as unknown });
    inCircles.self = inCircles;
    kinds.register({ name: 'test.throws', word: () => { throw new TypeError('nothing fits'); } }); // prettier-ignore
    kinds.register({ name: 'test.circle', word: () => Promise.reject(inCircles) });
    kinds.register({ name: 'test.endless', word: () => new Promise(() => undefined) });
    const [throws, circle, endless] = [
      await queued('test.throws'),
      await queued('test.circle'),
      await queued('test.endless', 4),
    ].map(([id]) => id!);
    const [huge] = await queued('test.news', 1, 'x'.repeat(50 * 1024 * 1024));
    await queued('test.news', good);
    await rig.worker.start();
    await until(async () => (await sent()) === good);
    await until(async () => (await rig.message(endless!)).last_fault !== null);
    for (const id of [throws, circle, endless])
      expect(await rig.message(id!)).toMatchObject({
        state: 'waiting',
        attempts: 1,
        last_fault: expect.stringContaining('could not be worded'),
      });
    expect(await rig.message(huge!)).toMatchObject({ state: 'dead', last_fault: 'its text is longer than any mail' });
  }, 120_000);

  it(`R-14 one that ends its process: ${good} others all leave, and after eight it is given up`, async () => {
    const [fatal] = await queued('test.fatal');
    await queued('test.news', good);
    let starts = 0;
    const run = async (over: () => Promise<boolean>): Promise<void> => {
      while (!(await over().catch(() => false))) {
        if (++starts > 12) throw new Error('the worker dies over and over');
        const child = startProcess('test/jobs/killed-worker.ts', rig.settings, { said: 'ignore' });
        children.push(child);
        await until(async () => child.exitCode !== null || (await over()));
        await endProcess(child, 'SIGTERM');
      }
    };
    await run(async () => (await sent()) === good && (await rig.message(fatal!)).attempts > 3);
    expect((await rig.message(fatal!)).state).toBe('waiting');
    await rig.em.execute('update message set abandoned = 7 where id = ?', [fatal!]);
    await rig.em.execute('delete from graphile_worker._private_jobs');
    await run(async () => (await rig.message(fatal!)).state === 'dead');
    expect(await rig.message(fatal!)).toMatchObject({ last_fault: 'every worker that tried it ended' });
  }, 240_000);
});
