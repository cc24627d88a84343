import pg from 'pg';
import { createPortal } from '../../apps/portal/src/create.js';
import { newId } from '#kernel';
import { RepeatedForms, routesOf } from '#web';
import { aTeacher, type TestPerson } from '../support/people.js';
import { freePort } from '../support/ports.js';
import type { SeenPage } from '../support/visitor.js';
import { formBody, PortalVisitor, startPortal, type TestPortal } from './portal.js';
import { aDispute, ask, lineIdsOf, type Story, tellStory } from './story.js';

type Fields = Record<string, string | string[]>;

/** A deed as a form sends it, and how to count what it did. */
interface Deed {
  who: { accountId: string };
  path: string;
  fields: Fields;
  /** SQL that counts what was done. */
  count: [sql: string, ...params: unknown[]];
}

const asForm = { 'content-type': 'application/x-www-form-urlencoded' };

describe('forms of the portal that come twice', () => {
  let portal: TestPortal;
  let story: Story;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const count = async ([sql, ...params]: Deed['count']): Promise<number> =>
    Number((await portal.em.fork().execute<{ count: string }[]>(sql, params))[0]!.count);
  const sender = async (who: { accountId: string }, path: string, fields: Fields): Promise<() => Promise<SeenPage>> => {
    const visitor = await portal.signedIn(who);
    const body = formBody({ _token: await visitor.token(), _key: newId(), ...fields });
    // Too busy right now: sent once more, as people do.
    const send = async (tries = 5): Promise<SeenPage> => {
      const answer = await visitor.once('POST', path, body, asForm);
      return answer.status === 503 && tries > 1 ? send(tries - 1) : answer;
    };
    return () => send();
  };
  const told = ({ status, location }: SeenPage): string => `${status} ${location}`;
  const newTeacher = (): Promise<TestPerson> => aTeacher(portal.em, { site: story.school });
  const notes = (text: string): Deed['count'] => ['select count(*) from request_note where text = ?', text];
  const wish = () => ({
    application: 'ser-iep-form',
    role: 'iep-form',
    permission: 'iep-form-writer',
    level: 'site',
    code: story.school,
    formKey: newId(),
  });

  const deeds: Record<string, () => Promise<Deed>> = {
    'asking for access': async () => {
      const who = await newTeacher();
      const made = 'select count(*) from permission_request where staff_member_id = ?';
      return { who, path: '/requests', fields: wish(), count: [made, who.staffMemberId] };
    },
    'a note': async () => {
      const who = await newTeacher();
      const { id } = await ask(portal, who, story.school);
      const text = `note ${id}`;
      return { who, path: `/requests/${id}/notes`, fields: { text }, count: notes(text) };
    },
    'a decision': async () => {
      const who = await newTeacher();
      const { id } = await ask(portal, who, story.school);
      const line = (await lineIdsOf(portal, id))['iep-form-writer']!;
      return {
        who: story.coordinator,
        path: `/review/${id}`,
        fields: { version: '1', [`verdict-${line}`]: 'approve' },
        count: ['select count(*) from access_grant where account_id = ?', who.accountId],
      };
    },
    'taking a request back': async () => {
      const who = await newTeacher();
      const { id } = await ask(portal, who, story.school);
      const taken = `select count(*) from audit_entry where action = 'request.withdraw' and result = 'done' and target = ?`;
      return { who, path: `/requests/${id}/withdraw`, fields: {}, count: [taken, `request:${id}`] };
    },
    'closing a dispute': async () => {
      const id = await aDispute(portal, await newTeacher(), await newTeacher());
      const closed = `select count(*) from audit_entry where action = 'staff.dispute-close' and result = 'done' and target = ?`;
      return {
        who: story.officer,
        path: '/state/disputes',
        fields: { id, outcome: 'holder-keeps', note: 'Looked at both.' },
        count: [closed, `link-dispute:${id}`],
      };
    },
    'naming a head': async () => {
      const { staffId, staffMemberId } = await newTeacher();
      return {
        who: story.officer,
        path: `/state/places/system/${story.system}/head`,
        fields: { staffId, title: 'Superintendent' },
        count: ['select count(*) from system_head where staff_member_id = ?', staffMemberId],
      };
    },
  };

  it.each(Object.keys(deeds))('R-06 %s, sent 50 times at once: one effect, 50 equal answers', async (name) => {
    for (let round = 0; round < 3; round++) {
      const { who, path, fields, count: of } = await deeds[name]!();
      const send = await sender(who, path, fields);
      const answers = await Promise.all(Array.from({ length: 50 }, send));
      expect([...new Set(answers.map(told))]).toEqual([expect.stringMatching(/^303 /)]);
      expect(await count(of)).toBe(1);
      expect(told(await send())).toBe(told(answers[0]!));
      expect(await count(of)).toBe(1);
    }
  });

  it('R-06 the same at two portals on one database: the second waits for the first and says what it said', async () => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    const second = await createPortal(
      { ...portal.settings, PORTAL_PORT: port, PORTAL_ORIGIN: origin },
      { clock: portal.clock },
    );
    try {
      await second.listen(port);
      for (let round = 0; round < 10; round++) {
        const who = await newTeacher();
        const { id } = await ask(portal, who, story.school);
        const text = `both ${id}`;
        const here = await portal.signedIn(who);
        const body = formBody({ _token: await here.token(), _key: newId(), text });
        const there = new PortalVisitor(origin);
        for (const [name, cookie] of here.cookies) there.cookies.set(name, cookie);
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, turn) =>
            (turn % 2 ? here : there).once('POST', `/requests/${id}/notes`, body, asForm),
          ),
        );
        expect(answers.map(({ status, location }) => `${status} ${new URL(location!).pathname}`)).toEqual(
          answers.map(() => `303 /requests/${id}`),
        );
        expect(await count(notes(text))).toBe(1);
      }
    } finally {
      await second.close();
    }
  });

  it('R-06 equal forms that wait for a lock take one connection together: other people go on working', async () => {
    const who = await newTeacher();
    const { id } = await ask(portal, who, story.school);
    const send = await sender(who, `/requests/${id}/withdraw`, {});
    const other = await portal.signedIn(story.stranger);
    const owner = new pg.Client(portal.settings.DATABASE_URL);
    await owner.connect();
    await owner.query('begin');
    await owner.query('select 1 from permission_request where id = $1 for update', [id]);
    const answers = Promise.all(Array.from({ length: 30 }, send));
    await new Promise((resolve) => setTimeout(resolve, 400));
    // The thirty wait for as long as the lock stands; this one comes while it does.
    expect((await other.open('/help')).status).toBe(200);
    await owner.query('rollback');
    await owner.end();
    expect(new Set((await answers).map(told)).size).toBe(1);
  });

  it('R-06 many in one go, sent again: what was decided so before counts as saved', async () => {
    const who = await newTeacher();
    const { id } = await ask(portal, who, story.school);
    const line = (await lineIdsOf(portal, id))['iep-form-writer']!;
    const send = await sender(story.coordinator, '/review/many', { pick: `1:${line}`, verdict: 'approve' });
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    const main = ({ html }: SeenPage): string => /<main.*<\/main>/s.exec(html)![0];
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(main)).size).toBe(1);
    expect(await count(['select count(*) from access_grant where account_id = ?', who.accountId])).toBe(1);
  });

  it('R-06 a form sent again with something else in it is refused, and says where to look; other people have keys of their own', async () => {
    const who = await newTeacher();
    const { id } = await ask(portal, who, story.school);
    const path = `/requests/${id}/notes`;
    const _key = newId();
    const teacher = await portal.signedIn(who);
    expect((await teacher.post(path, { _key, text: 'first' })).status).toBe(303);
    const other = await teacher.post(path, { _key, text: 'second' });
    expect(other.status).toBe(422);
    expect(other.text).toContain('You sent this form before');
    expect(other.html).toContain(`href="/requests/${id}?done=noted"`);
    const { id: another } = await ask(portal, await newTeacher(), story.school);
    expect((await teacher.post(`/requests/${another}/notes`, { _key, text: 'first' })).status).toBe(422);
    const coordinator = await portal.signedIn(story.coordinator);
    expect((await coordinator.post(path, { _key, text: 'first' })).status).toBe(303);
    expect(await count(['select count(*) from request_note where request_id = ?', id])).toBe(2);
  });

  it('R-06 what was refused or only looked at may be sent again, mended, with the same key', async () => {
    const who = await newTeacher();
    const { id } = await ask(portal, who, story.school);
    const teacher = await portal.signedIn(who);
    const _key = newId();
    expect((await teacher.post(`/requests/${id}/notes`, { _key, text: ' ' })).status).toBe(422);
    expect((await teacher.post(`/requests/${id}/notes`, { _key, text: 'now' })).status).toBe(303);
    const officer = await portal.signedIn(story.officer);
    const before = await count(['select count(*) from repeated_form where account_id = ?', story.officer.accountId]);
    const place = `/state/places/site/${story.otherSchool}/move`;
    const look = await officer.post(place, { _key, to: story.system, reason: 'x' });
    expect(look.status).toBe(200);
    expect(look.html).toContain('name="planHash"');
    expect((await officer.post(place, { _key, to: story.otherSchool, reason: 'y' })).status).not.toBe(303);
    expect(await count(['select count(*) from repeated_form where account_id = ?', story.officer.accountId])).toBe(
      before,
    );
  });

  it.each([
    ['none', {}],
    ['an empty one', { _key: '' }],
    ['one nobody made', { _key: 'x'.repeat(36) }],
    ['two', { _key: [newId(), newId()] }],
  ])('R-06 a key that is missing or odd is refused: %s', async (_, key) => {
    const who = await newTeacher();
    const { id } = await ask(portal, who, story.school);
    const visitor = await portal.signedIn(who);
    const body = formBody({ _token: await visitor.token(), text: 'x', ...key } as Fields);
    expect((await visitor.once('POST', `/requests/${id}/notes`, body, asForm)).status).toBe(400);
    expect(await count(['select count(*) from request_note where request_id = ?', id])).toBe(0);
  });

  it('R-06 nobody reads "saved" before it is: what fails at the commit is told as failed, and done when sent again', async () => {
    const who = await newTeacher();
    const { id } = await ask(portal, who, story.school);
    const send = await sender(who, `/requests/${id}/notes`, { text: 'commits later' });
    const owner = new pg.Client(portal.settings.DATABASE_URL);
    await owner.connect();
    await owner.query(`create function fail_late() returns trigger language plpgsql as
      $$ begin raise exception 'the disk is full' using errcode = '53100'; end $$`);
    await owner.query(`create constraint trigger fail_late after insert on request_note
      deferrable initially deferred for each row when (new.text = 'commits later') execute function fail_late()`);
    const failed = await send();
    expect([failed.status, failed.location]).toEqual([500, undefined]);
    expect(failed.text).toContain('Something went wrong');
    await owner.query('drop trigger fail_late on request_note');
    await owner.end();
    expect((await send()).status).toBe(303);
    expect((await send()).status).toBe(303);
    expect(await count(notes('commits later'))).toBe(1);
  });

  it('R-06 linking a Staff ID counts each failed try, and once it is linked says so again', async () => {
    const facts = { firstName: 'Odile', lastName: 'Arceneaux', birthMonth: '2', birthDay: '29', birthYear: '1984' };
    const send = await sender(story.newcomer, '/staff-id', { ...facts, staffId: '9999999999' });
    const failed = ['not yet', 'not yet', 'not yet', 'not yet', 'not yet', 'too often'];
    for (const at of failed.keys()) expect([at, (await send()).status]).toEqual([at, at < 5 ? 422 : 429]);
    expect(
      await count([
        `select count(*) from audit_entry where action = 'staff.link' and result = 'refused' and account_id = ?`,
        story.newcomer.accountId,
      ]),
    ).toBe(6);
  });

  it('R-06 an answer is repeated for a day, then forgotten', async () => {
    const who = await newTeacher();
    const { id } = await ask(portal, who, story.school);
    await (
      await sender(who, `/requests/${id}/notes`, { text: 'old' })
    )();
    const kept: Deed['count'] = ['select count(*) from repeated_form where account_id = ?', who.accountId];
    const forms = portal.app.get(RepeatedForms, { strict: false });
    const hour = 3_600_000;
    portal.clock.advance(24 * hour - 60_000);
    await forms.forget();
    expect(await count(kept)).toBe(1);
    portal.clock.advance(120_000);
    await forms.forget();
    expect(await count(kept)).toBe(0);
    portal.clock.advance(-24 * hour - 60_000);
  });

  it('R-06 every form on a page has a key of its own, and no two renderings share one', async () => {
    const { id } = await ask(portal, await newTeacher(), story.school);
    const coordinator = await portal.signedIn(story.coordinator);
    const keysOf = async (): Promise<string[]> =>
      [...(await coordinator.open(`/review/${id}`)).html.matchAll(/name="_key" value="([0-9a-f-]{36})"/g)].map(
        (found) => found[1]!,
      );
    const keys = [...(await keysOf()), ...(await keysOf())];
    expect(keys.length).toBeGreaterThan(3);
    expect(new Set(keys).size).toBe(keys.length);
    const { html } = await coordinator.open(`/review/${id}`);
    expect(html.match(/<form\b[^>]*method="post"/g)).toHaveLength(keys.length / 2);
  });

  it('R-06 every route that changes something says what becomes of a form that comes twice', () => {
    const why: Record<string, string> = {
      'POST /notifications/read': 'harmless',
      'POST /people/renew': 'own',
      'POST /review/many': 'own',
      'POST /session/extend': 'harmless',
      'POST /sign-out': 'harmless',
      'POST /staff-id': 'own',
    };
    const routes = routesOf(portal.app).filter(({ method }) => method !== 'GET');
    const others = routes.filter(({ method, path, repeat }) => repeat !== (why[`${method} ${path}`] ?? 'once'));
    expect(others.map(({ method, path, repeat }) => `${method} ${path} ${repeat}`)).toEqual([]);
  });

  it('R-06 deeds of many people at once, each sent three times, never wait for each other in a circle', async () => {
    const deadlocks: Deed['count'] = [
      'select deadlocks as count from pg_stat_database where datname = current_database()',
    ];
    for (let round = 0; round < 4; round++) {
      const all = await Promise.all(Object.values(deeds).map((deed) => deed()));
      const sends = await Promise.all(all.map(({ who, path, fields }) => sender(who, path, fields)));
      const answers = await Promise.all(sends.flatMap((send) => [send(), send(), send()]));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
      for (const { count: of } of all) expect(await count(of)).toBe(1);
    }
    await portal.em.execute('select pg_stat_clear_snapshot()');
    expect(await count(deadlocks)).toBe(0);
  });
});
