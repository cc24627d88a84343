import { hours } from '#kernel';
import { MessageList } from '#notifications';
import { brokenInvariants } from '../support/invariants.js';
import {
  type RelayFault,
  type RelayMoment,
  type ScriptedRelay,
  startScriptedRelay,
} from '../support/scripted-relay.js';
import { startMailRig } from './mail-rig.js';

const celine = { name: 'Céline Fontenot', address: 'celine.fontenot@acadia.example' };

/* A mail may be late or come twice, never silently lost and never to another person (P-D). */
describe('a relay that goes wrong', () => {
  let relay: ScriptedRelay;
  let rig: Awaited<ReturnType<typeof startMailRig>>;
  beforeAll(async () => {
    relay = await startScriptedRelay();
    rig = await startMailRig(undefined, { SMTP_URL: relay.url });
  });
  afterAll(async () => {
    await rig?.stop();
    await relay?.stop();
  });
  beforeEach(() => {
    relay.fault = undefined;
    relay.taken.splice(0);
  });
  afterEach(async () => expect(await brokenInvariants(rig.em)).toEqual([]));

  const again = async (): Promise<void> => {
    await rig.allDue();
    await rig.worker.runOnce();
  };
  const idOf = (id: string): string => `<${id}@edlink.example>`;

  /** The relay's state or our settings: no fault of the mail, which waits. */
  it.each<[RelayMoment, RelayFault]>([
    ['greeting', '421 too busy'],
    ['greeting', '554 no service here'],
    ['greeting', 'reset'],
    ['EHLO', '421 going down'],
    ['EHLO', 'reset'],
    ['MAIL', '451 try later'],
    ['MAIL', '550 sender refused'],
    ['MAIL', 'reset'],
    ['RCPT', '450 greylisted, come back'],
    ['RCPT', '421 going down'],
    ['RCPT', 'reset'],
    ['DATA', '451 try later'],
    ['DATA', 'reset'],
    ['mail', '452 no room'],
    ['mail', '421 going down'],
    ['mail', 'reset'],
  ])('R-11 at %s %s: the mail is tried again, and leaves once the relay is well', async (at, does) => {
    relay.fault = { at, does };
    const id = await rig.tell(celine);
    await rig.worker.runOnce();
    expect(await rig.message(id)).toMatchObject({ state: 'waiting', attempts: 1, last_fault: expect.any(String) });
    relay.fault = undefined;
    await again();
    expect(await rig.message(id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(relay.taken).toEqual([idOf(id)]);
  });

  it.each<[RelayMoment, RelayFault]>([
    ['RCPT', '550 no such mailbox'],
    ['RCPT', '553 not a mailbox name'],
    ['DATA', '554 refused'],
    ['mail', '552 too big'],
    ['mail', '554 refused'],
  ])('R-11 at %s %s: the mail is given up at once, and its row says why', async (at, does) => {
    relay.fault = { at, does };
    const id = await rig.tell(celine);
    await rig.worker.runOnce();
    expect(await rig.message(id)).toMatchObject({
      state: 'dead',
      attempts: 1,
      last_fault: expect.stringContaining(does.slice(0, 3)),
    });
    expect(await rig.jobs()).toEqual([]);
  });

  it.each<RelayFault>(['421 bye', 'reset', '250 what?'])(
    'R-11 at QUIT %s: the mail was taken, and is not sent again',
    async (does) => {
      relay.fault = { at: 'QUIT', does };
      const id = await rig.tell(celine);
      await rig.worker.runOnce();
      await again();
      expect(await rig.message(id)).toMatchObject({ state: 'sent', attempts: 1 });
      expect(relay.taken).toEqual([idOf(id)]);
    },
  );

  it('R-11 one mailbox that is refused or greylisted for days keeps nobody else waiting', async () => {
    relay.fault = { at: 'RCPT', does: '450 come back', recipient: celine.address };
    const hers = await rig.tell(celine);
    for (let round = 0; round < 3; round++) {
      const others = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          rig.tell({ name: 'Bo Picou', address: `bo${round}${at}@acadia.example` }),
        ),
      );
      await again();
      expect(relay.taken.sort()).toEqual(others.map(idOf).sort());
      relay.taken.splice(0);
      rig.clock.advance(hours(12));
    }
    expect(await rig.message(hers)).toMatchObject({ state: 'waiting', attempts: 3 });
    rig.clock.advance(hours(12));
    await again();
    expect(await rig.message(hers)).toMatchObject({ state: 'dead', last_fault: expect.stringContaining('450') });
  });

  it('R-10 what a relay takes and loses stays in the person’s list, with when it was sent', async () => {
    const id = await rig.tell(celine, { text: 'Your request was approved.' });
    await rig.worker.runOnce(); // the scripted relay says 250 and keeps nothing
    const [row] = await rig.em.execute<{ recipient_id: string; sent_at: string }[]>(
      `select recipient_id, sent_at from message where id = ?`,
      [id],
    );
    expect(row!.sent_at).not.toBeNull();
    const { items } = await rig.get(MessageList).of(row!.recipient_id);
    expect(items).toMatchObject([{ id, paragraphs: [expect.stringContaining('Your request was approved.')] }]);
  });
});
