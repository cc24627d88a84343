import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SignedIn, systemActor } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { approveAll, RequestOffice } from '../../../test/support/request-office.js';

describe('requests and what people type', () => {
  const office = RequestOffice.inSpec();

  const strings = join(process.env.EDLINK_SHARED ?? '../shared', 'data/strings/blns.json');
  (existsSync(strings) ? it : it.skip)(
    '515 hostile strings are kept as typed or refused, never changed (skipped without ../shared)',
    async () => {
      const all = JSON.parse(readFileSync(strings, 'utf8')) as string[];
      const view = await office.submitted();
      let kept = 0;
      for (const text of all) {
        const outcome = await codeOf(office.requests.addNote(office.teacher.actor, view.id, text));
        if (outcome === 'requests.bad-text') continue;
        expect(outcome).toBe('done: undefined');
        kept++;
      }
      const { notes } = await office.queries.view(office.teacher.actor, view.id);
      expect(notes).toHaveLength(kept);
      for (const note of notes) expect(all).toContain(note.text);
      expect(kept).toBeGreaterThan(400);
    },
  );

  it.each([`? ?? $1 :x \\? ' " \\' -- ;`, `<b>=?utf-8?q?x?= {{7*7}} \${1}</b>`, `'||pg_sleep(9)||'`])(
    'a reason is the same in the line, the audit log and the message: %s',
    async (reason) => {
      const view = await office.submitted({ permissions: ['iep-form-writer'] });
      await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'reject', reason }]);
      expect((await office.queries.view(office.teacher.actor, view.id)).lines[0]!.reason).toBe(reason);
      expect(await office.auditOf(`request-line:${view.lines[0]!.id}`)).toMatchObject([{ reason }]);
      expect((await office.messagesTo(office.teacher)).at(-1)!.facts.outcome000).toBe(
        `IEP Form Writer: not approved. Reason: ${reason}`,
      );
    },
  );

  it('AU-1 a request that cannot be recorded is not made', async () => {
    const before = [
      await office.countOf('permission_request'),
      await office.countOf('message'),
      await office.countOf('audit_entry'),
    ];
    const actor: SignedIn = { ...office.teacher.actor, address: 'a\u0000b' };
    await expect(office.requests.submit(actor, office.wish())).rejects.toThrow();
    expect([
      await office.countOf('permission_request'),
      await office.countOf('message'),
      await office.countOf('audit_entry'),
    ]).toEqual(before);
  });

  it('ended grants make room for a new one', async () => {
    const view = await office.submitted({ permissions: ['iep-form-writer'] });
    await office.decide(view, approveAll(view));
    const [grant] = await office.grants.of(office.teacher.accountId);
    await office.grants.endFor(systemActor, { grantIds: [grant!.id] }, 'duty-changed');
    expect(await office.effective(office.teacher)).toEqual([]);
    const again = await office.submitted({ permissions: ['iep-form-writer'] });
    await office.decide(again, approveAll(again));
    expect(await office.effective(office.teacher)).toEqual(['iep-form-writer']);
  });
});
