import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hours, minutes } from '#kernel';
import { startMailRig } from './mail-rig.js';

const naughty = join(process.env.EDLINK_SHARED ?? '../shared', 'data/strings/blns.json');

/** What a reader sees: without what mails add against links, and whatever white space became. */
const seen = (text: string): string =>
  text
    .replaceAll('‹', '<')
    .replaceAll('›', '>')
    .replace(/[\u2060\p{Cc}]/gu, '')
    .replace(/\s+/gu, '');

const celine = { name: 'Céline Fontenot', address: 'celine.fontenot@acadia.example' };

describe('mail', () => {
  let rig: Awaited<ReturnType<typeof startMailRig>>;
  beforeAll(async () => {
    rig = await startMailRig();
  });
  afterAll(() => rig?.stop());
  beforeEach(async () => {
    await rig.mailbox.open();
    rig.mailbox.mode = 'accept';
    rig.mailbox.clear();
    await rig.em.execute('delete from message');
    await rig.em.execute('delete from graphile_worker._private_jobs');
  });

  it('goes out as text and HTML, with the name of the system and a fixed Message-ID', async () => {
    const id = await rig.tell(celine, { text: 'Your request was approved.' });
    await rig.worker.runOnce();
    const mail = rig.mailbox.lastTo(celine.address);
    expect(mail).toMatchObject({
      subject: 'News for you',
      from: '"EdLink Security" <no-reply@edlink.example>',
      messageId: `<${id}@edlink.example>`,
    });
    expect(mail.to).toBe('"Céline Fontenot" <celine.fontenot@acadia.example>');
    expect(mail.text).toContain('Your request was approved.');
    expect(mail.html).toContain('Your request was approved.');
    expect(mail.source).toContain('Auto-Submitted: auto-generated');
    expect(await rig.message(id)).toMatchObject({ state: 'sent', attempts: 1, last_fault: null });
    expect(await rig.jobs()).toEqual([]);
  });

  it('is queued only when the verb commits', async () => {
    await expect(
      rig.em.fork().transactional(async (em) => {
        await em.execute(`select graphile_worker.add_job('deliver-message', '{}'::json)`);
        throw new Error('the verb failed');
      }),
    ).rejects.toThrow('the verb failed');
    expect(await rig.jobs()).toEqual([]);
  });

  it('ML-1 reaches exactly one recipient, or none when the address could be read as two', async () => {
    const hostile = [
      'a@la.example,b@evil.test',
      'a@la.example\r\nBcc: b@evil.test',
      'a@la.example\nRCPT TO:<b@evil.test>',
      '<b@evil.test> a@la.example',
      'group:b@evil.test;',
      'a@la.example;b@evil.test',
      '"b@evil.test" <a@la.example>',
      'a@la.example (b@evil.test)',
      'a@la.example>,<b@evil.test',
      'b@evil.test a@la.example',
      'а@la.example',
      'a@lа.example',
      'a@la.example\u0000@evil.test',
      'a@[127.0.0.1]',
      'a\\@b@evil.test',
      '',
      `${'a'.repeat(65)}@la.example`,
      `a@${'b'.repeat(260)}.example`,
    ];
    for (const address of hostile) {
      const id = await rig.tell({ name: 'Somebody', address });
      await rig.worker.runOnce();
      expect({ address, ...(await rig.message(id)) }).toMatchObject({
        state: 'dead',
        last_fault: 'the address is not one plain address',
      });
    }
    expect(rig.mailbox.mails()).toEqual([]);
    const plain = ['celine@acadia.example', "o'neill+x@acadia.example", 'a.b-c_d=e/f@sub.acadia.example'];
    for (const address of plain) await rig.tell({ name: 'Somebody', address });
    await rig.worker.runOnce();
    expect(rig.mailbox.mails().map((mail) => mail.recipients)).toEqual(plain.map((address) => [address]));
  });

  it.each([
    '=?utf-8?Q?=0D=0ABcc:_b@evil.test?=',
    'X\r\nBcc: b@evil.test',
    'a@evil.test, b',
    '<b@evil.test>',
    'http://evil.test',
    'x'.repeat(300),
  ])('ML-3 a name adds no header and no recipient: %j', async (name) => {
    await rig.tell({ name, address: celine.address });
    await rig.worker.runOnce();
    const [mail, ...more] = rig.mailbox.mails();
    expect(more).toEqual([]);
    expect(mail!.recipients).toEqual([celine.address]);
    const headers = mail!.source.slice(0, mail!.source.indexOf('\r\n\r\n'));
    expect(headers).not.toMatch(/evil|^bcc/im);
    expect(mail!.to.length).toBeLessThan(120);
  });

  it('ML-2 goes to the address in the row at the time of sending, whatever the job or the facts say', async () => {
    const id = await rig.tell(celine, { address: 'b@evil.test', to: 'b@evil.test' });
    await rig.em.execute(
      `update graphile_worker._private_jobs set payload = json_build_object('messageId', ?::text, 'to', 'b@evil.test', 'recipientId', 'b@evil.test', 'address', 'b@evil.test')`,
      [id],
    );
    const [row] = await rig.em.execute<{ recipient_id: string }[]>('select recipient_id from message where id = ?', [
      id,
    ]);
    rig.addresses.set(row!.recipient_id, { name: celine.name, address: 'celine.now@acadia.example' });
    await rig.worker.runOnce();
    expect(rig.mailbox.mails().map((mail) => mail.recipients)).toEqual([['celine.now@acadia.example']]);
  });

  (existsSync(naughty) ? it : it.skip)(
    'ML-3 hostile strings arrive as text: one recipient, one subject, no link, no tag of theirs',
    async () => {
      const strings = (JSON.parse(readFileSync(naughty, 'utf8')) as string[]).filter(
        (text) => !text.includes('\u0000'),
      );
      const ids = new Map<string, string>();
      for (const text of strings) ids.set(`<${await rig.tell(celine, { text })}@edlink.example>`, text);
      const { worker } = await rig.newWorker(); // one that sends several at a time
      await worker.start();
      await rig.mailbox.waitFor(() => rig.mailbox.mails().length === strings.length, 50_000);
      await worker.stop();
      const mails = rig.mailbox.mails();
      const shape = (html: string): string[] => html.match(/<[a-z!/][^>]*>/gi)!.filter((tag) => tag !== '<br>');
      const plain = shape(mails[0]!.html);
      for (const mail of mails) {
        const text = ids.get(mail.messageId)!;
        expect(mail).toMatchObject({ recipients: [celine.address], subject: 'News for you', links: [] });
        expect(shape(mail.html)).toEqual(plain);
        expect(seen(mail.text)).toContain(seen(text));
        expect(mail.text).not.toMatch(/https?:\/\//i);
      }
    },
  );

  it('is given up at once when there is nobody to write to any more', async () => {
    const id = await rig.tell(celine);
    rig.addresses.clear();
    await rig.worker.runOnce();
    expect(await rig.message(id)).toMatchObject({ state: 'dead', last_fault: 'there is nobody to write to any more' });
  });

  it('R-09 nothing waits while SMTP is down, and everything leaves when it is back', async () => {
    await rig.mailbox.close();
    const begun = Date.now();
    const ids = await Promise.all(Array.from({ length: 60 }, () => rig.tell(celine)));
    expect(Date.now() - begun).toBeLessThan(5000);
    await rig.worker.runOnce();
    for (const id of ids)
      expect(await rig.message(id)).toMatchObject({
        state: 'waiting',
        attempts: 1,
        last_fault: expect.stringContaining('ECONNREFUSED'),
      });
    const waits = (await rig.jobs()).map((job) => Number(job.wait));
    expect(waits).toHaveLength(60);
    expect(Math.min(...waits)).toBeGreaterThan(20);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30);

    // Six hours of it, each round one try.
    for (let round = 0; round < 4; round++) {
      rig.clock.advance(hours(1.5));
      await rig.allDue();
      await rig.worker.runOnce();
    }
    expect(Math.max(...(await rig.jobs()).map((job) => Number(job.wait)))).toBeLessThanOrEqual(900);
    await rig.mailbox.open();
    await rig.allDue();
    await rig.worker.runOnce();
    expect(new Set(rig.mailbox.mails().map((mail) => mail.messageId))).toEqual(
      new Set(ids.map((id) => `<${id}@edlink.example>`)),
    );
    expect(rig.mailbox.mails()).toHaveLength(60);
    for (const id of ids) expect(await rig.message(id)).toMatchObject({ state: 'sent', attempts: 6 });
  });

  it('R-09 messages that would say the same are one mail', async () => {
    const first = await rig.tell(celine, {}, 'reset:celine');
    const [row] = await rig.em.execute<{ recipient_id: string }[]>('select recipient_id from message where id = ?', [
      first,
    ]);
    for (let n = 0; n < 19; n++) {
      await rig.em.execute(
        `insert into message (id, recipient_kind, recipient_id, kind, facts, merge_key, queued_at, state)
         values (gen_random_uuid(), 'account', ?, 'test.news', '{}', 'reset:celine', now(), 'waiting') on conflict do nothing`,
        [row!.recipient_id],
      );
    }
    await rig.worker.runOnce();
    expect(rig.mailbox.mails()).toHaveLength(1);
  });

  it('R-11 4xx is tried again later; after 48 hours it is given up, and the row says why', async () => {
    rig.mailbox.mode = 'refuse-later';
    const id = await rig.tell(celine);
    await rig.worker.runOnce();
    expect(await rig.message(id)).toMatchObject({
      state: 'waiting',
      attempts: 1,
      last_fault: 'the relay answered 451 to RCPT TO',
    });
    rig.clock.advance(hours(48));
    await rig.allDue();
    await rig.worker.runOnce();
    expect(await rig.message(id)).toMatchObject({
      state: 'dead',
      attempts: 2,
      last_fault: 'the relay answered 451 to RCPT TO',
    });
    expect(await rig.jobs()).toEqual([]);
  });

  it('R-11 5xx is given up at once', async () => {
    rig.mailbox.mode = 'refuse';
    const id = await rig.tell(celine);
    await rig.worker.runOnce();
    expect(await rig.message(id)).toMatchObject({
      state: 'dead',
      attempts: 1,
      last_fault: 'the relay answered 550 to RCPT TO',
    });
  });

  it('R-11 a connection that drops after the mail was taken sends it again, with the same Message-ID', async () => {
    rig.mailbox.mode = 'hang-up';
    const id = await rig.tell(celine);
    await rig.worker.runOnce();
    expect(await rig.message(id)).toMatchObject({ state: 'waiting', attempts: 1 });
    rig.mailbox.mode = 'accept';
    await rig.allDue();
    await rig.worker.runOnce();
    expect(rig.mailbox.mails().map((mail) => mail.messageId)).toEqual([
      `<${id}@edlink.example>`,
      `<${id}@edlink.example>`,
    ]);
    expect(await rig.message(id)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('a message of a kind nobody knows waits for a version that knows it, and holds up no other', async () => {
    const odd = await rig.tell(celine);
    await rig.em.execute(`update message set kind = 'test.unknown' where id = ?`, [odd]);
    const good = await rig.tell(celine);
    await rig.worker.runOnce();
    expect(await rig.message(odd)).toMatchObject({
      state: 'waiting',
      last_fault: expect.stringContaining('could not be worded'),
    });
    expect(await rig.message(good)).toMatchObject({ state: 'sent' });
  });

  it('a waiting message without a job gets one; one that failed often waits longer', async () => {
    const [once, often] = [await rig.tell(celine), await rig.tell(celine)];
    await rig.em.execute('update message set attempts = 4 where id = ?', [often]);
    await rig.em.execute('delete from graphile_worker._private_jobs');
    await rig.worker.runOnce();
    expect(await rig.message(once)).toMatchObject({ state: 'sent' });
    expect(await rig.message(often)).toMatchObject({ state: 'waiting', attempts: 4 });
    expect((await rig.jobs()).map((job) => job.key)).toEqual([often]);
    rig.clock.advance(minutes(15));
    await rig.allDue();
    await rig.worker.runOnce();
    expect(await rig.message(often)).toMatchObject({ state: 'sent' });
  });
});
