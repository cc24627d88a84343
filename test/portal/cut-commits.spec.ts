import { Logger } from '@nestjs/common';
import { newId } from '#kernel';
import { type CutAt, type CutProxy, cutProxy } from '../support/cut-proxy.js';
import { freshDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/invariants.js';
import { aTeacher } from '../support/people.js';
import type { SeenPage } from '../support/visitor.js';
import { formBody, startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

/** How often the link is cut on each side of the COMMIT; five deeds a round. */
const rounds = 10;

describe('R-22 the link to the database breaks while a deed commits', () => {
  let portal: TestPortal;
  let story: Story;
  let proxy: CutProxy;

  beforeAll(async () => {
    const database = await freshDatabase();
    proxy = await cutProxy(database.url);
    portal = await startPortal({}, { url: proxy.url, drop: database.drop });
    Logger.overrideLogger(false); // a hundred faults are meant
    story = await tellStory(portal);
  });
  afterAll(async () => {
    await portal?.stop();
    await proxy?.close();
  });

  const count = async (sql: string, ...params: unknown[]): Promise<number> =>
    Number((await portal.em.fork().execute<{ count: string }[]>(sql, params))[0]!.count);
  const told = ({ status, location }: SeenPage): string => `${status} ${location}`;

  /**
   * Sends a form whose commit is cut off, then the same form again, twice.
   * @param done SQL that counts what the form did
   * @returns the answer to the form sent again
   */
  async function cutThenAgain(
    at: CutAt,
    who: { accountId: string },
    path: string,
    fields: Record<string, string>,
    done: [sql: string, ...params: unknown[]],
  ): Promise<SeenPage> {
    const visitor = await portal.signedIn(who);
    const body = formBody({ _token: await visitor.token(), _key: newId(), ...fields });
    const send = (): Promise<SeenPage> =>
      visitor.once('POST', path, body, { 'content-type': 'application/x-www-form-urlencoded' });
    const before = proxy.cuts();
    proxy.cutNextCommit(at);
    const cut = await send();
    expect([path, proxy.cuts(), await count(...done)]).toEqual([path, before + 1, at === 'before' ? 0 : 1]);
    // Both look the same to the portal, so it says neither that it is saved nor that it is not.
    expect([path, cut.status, cut.location]).toEqual([path, 503, undefined]);
    expect(cut.text).toContain('We do not know whether it was saved');
    const again = await send();
    expect([path, again.status]).toEqual([path, 303]);
    expect(told(await send())).toBe(told(again));
    expect([path, await count(...done)]).toEqual([path, 1]);
    return again;
  }

  /** Somebody asks, adds a note, is approved, asks for more, takes that back, and becomes head of the system: each of it cut off. */
  async function round(at: CutAt): Promise<void> {
    const who = await aTeacher(portal.em, { site: story.school });
    const wish = { application: 'ser-iep-form', role: 'iep-form', permission: 'iep-form-writer', formKey: newId() };
    const asked = await cutThenAgain(at, who, '/requests', { ...wish, level: 'site', code: story.school }, [
      'select count(*) from permission_request where staff_member_id = ?',
      who.staffMemberId,
    ]);
    const id = new URL(asked.location!).pathname.split('/')[2]!;
    await cutThenAgain(at, who, `/requests/${id}/notes`, { text: 'Please look soon.' }, [
      'select count(*) from request_note where request_id = ?',
      id,
    ]);
    const line = (await lineIdsOf(portal, id))['iep-form-writer']!;
    await cutThenAgain(at, story.coordinator, `/review/${id}`, { version: '1', [`verdict-${line}`]: 'approve' }, [
      'select count(*) from access_grant where account_id = ?',
      who.accountId,
    ]);
    const { id: more } = await ask(portal, who, story.school, { permissions: ['iep-form-approver'] });
    await cutThenAgain(at, who, `/requests/${more}/withdraw`, {}, [
      `select count(*) from audit_entry where action = 'request.withdraw' and result = 'done' and target = ?`,
      `request:${more}`,
    ]);
    const head = { staffId: who.staffId, title: 'Superintendent' };
    await cutThenAgain(at, story.officer, `/state/places/system/${story.system}/head`, head, [
      'select count(*) from system_head where staff_member_id = ?',
      who.staffMemberId,
    ]);
  }

  it.each(['before', 'after'] as const)(
    'cut %s the COMMIT went through: sent again with the same key, each deed exists once and the answer is the same',
    async (at) => {
      for (let turn = 0; turn < rounds; turn++) await round(at);
      expect(await brokenInvariants(portal.em)).toEqual([]);
    },
    240_000,
  );
});
