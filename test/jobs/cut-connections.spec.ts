import pg from 'pg';
import { newId } from '#kernel';
import { startMailRig } from './mail-rig.js';

const mails = 24;

describe('a worker whose database connections are cut', () => {
  it('R-04 goes on by itself, and no mail is lost', async () => {
    const rig = await startMailRig({ lookEvery: 300, lease: 1500 });
    const outside = new pg.Client(rig.settings.DATABASE_URL);
    await outside.connect();
    await rig.worker.start();
    try {
      for (let n = 0; n < mails; n++) {
        const id = newId();
        rig.addresses.set(id, { name: 'Céline Fontenot', address: 'celine.fontenot@acadia.example' });
        await outside.query(
          `with told as (
             insert into message (id, recipient_kind, recipient_id, kind, facts, queued_at, state)
             values ($1, 'account', $1, 'test.news', '{"number":"1"}', now(), 'waiting') returning id)
           select graphile_worker.add_job('deliver-message', json_build_object('messageId', id), job_key := id::text, max_attempts := 1) from told`,
          [id],
        );
        // As when the database restarts: every connection but this one ends at once.
        if (n % 8 === 4) {
          await outside.query(
            'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      // A mail that could not be read or written down is tried again after its wait, or found as after a kill.
      const arrived = (): number => new Set(rig.mailbox.mails().map((mail) => mail.messageId)).size;
      for (const end = Date.now() + 20_000; arrived() < mails && Date.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        await outside.query('update graphile_worker._private_jobs set run_at = now() where locked_at is null');
      }
      expect(arrived()).toBe(mails);
    } finally {
      await outside.end();
      await rig.stop();
    }
  });
});
