import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isPlainText, localDay, newId } from '#kernel';
import { projectRoot } from '#settings';
import { aStaffMember, aTeacher } from '../support/people.js';
import type { SeenPage } from '../support/visitor.js';
import { startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

const file = join(resolve(projectRoot, process.env.EDLINK_SHARED ?? '../shared'), 'data/strings/blns.json');
const strings = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
if (!strings.length) console.warn(`Hostile strings are skipped: ${file} is not here.`);

/** Strings of our own: markup, attributes, addresses, templates, headers. */
const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</textarea><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  'javascript:alert(1)',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '{{7*7}}',
  '${7*7}',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  '<bdi></bdi></p></li></ul>',
  '<a href="javascript:alert(1)">x</a>',
  '<form action=//evil.test><input name=_token>',
  '<base href=//evil.test>',
  '<meta http-equiv=refresh content=0;url=//evil.test>',
  '<style>*{display:none}</style>',
  '\u0000<b>',
];

/** As it travels: half a surrogate pair becomes the replacement character. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** Elements our pages are made of; anything else came out of a text. */
const known =
  /^(html|head|meta|title|link|script|body|a|header|div|em|img|nav|ul|ol|li|form|input|button|span|main|h1|h2|h3|p|strong|dl|dt|dd|br|bdi|table|caption|thead|tbody|tr|th|td|section|label|textarea|fieldset|legend|select|option|details|summary|footer)$/;

/** No element, attribute or script of a page came from a text. */
function expectTame({ html }: SeenPage): void {
  const tags = [...html.matchAll(/<([a-z][^\s/>]*)((?:"[^"]*"|[^">])*)>/gi)];
  for (const [tag, name, attributes] of tags) {
    if (!known.test(name!)) throw new Error(`${tag} is no element of ours`);
    if (/\son\w+\s*=|\sstyle=|srcdoc|javascript:/i.test(attributes!.replaceAll(/"[^"]*"/g, '""')))
      throw new Error(`${tag} has an attribute that is none of ours`);
    if (/\s(?:href|src|action)="(?!\/|#|http:\/\/localhost)/.test(attributes!))
      throw new Error(`${tag} leads out of the house`);
  }
  expect(tags.filter(([, name]) => name === 'script')).toHaveLength(2);
  expect(tags.filter(([, name]) => name === 'h1')).toHaveLength(1);
}

describe('WB-4 hostile strings', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  it('as notes: kept as they are or refused beside the field, and shown as text', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const teacher = await portal.signedIn(story.teacher);
    const token = await teacher.token();
    for (const text of [...payloads, ...strings]) {
      const body = new URLSearchParams({ _token: token, _key: newId(), text }).toString();
      const page = await teacher.once('POST', `/requests/${id}/notes`, body, {
        'content-type': 'application/x-www-form-urlencoded',
      });
      expect([text, page.status]).toEqual([
        text,
        text.includes('\0') ? 400 : text.trim() && isPlainText(wellFormed(text)) ? 303 : 422,
      ]);
      if (page.status === 422) expectTame(page);
    }
    const kept = await portal.em.execute<{ text: string }[]>('select text from request_note where request_id = ?', [
      id,
    ]);
    expect(kept.length).toBeGreaterThan(strings.length / 2);
    const coordinator = await portal.signedIn(story.coordinator);
    for (const page of [await teacher.open(`/requests/${id}`), await coordinator.open(`/review/${id}`)]) {
      expectTame(page);
      const shown = page.text.replaceAll(/\s+/g, '');
      for (const { text } of kept) expect(shown).toContain(text.replaceAll(/\s+/g, ''));
    }
  });

  it('as reasons, justifications, names of people and of places: shown as text on every page that has them', async () => {
    for (const text of [...payloads, ...strings.filter((_, index) => index % 24 === 0)].filter(
      (each) => each.trim() && isPlainText(wellFormed(each)),
    )) {
      const person = await aTeacher(portal.em, { firstName: text, lastName: text, site: story.school, position: text });
      const { id } = await ask(portal, person, story.school, { why: text });
      const lines = await lineIdsOf(portal, id);
      const coordinator = await portal.signedIn(story.coordinator);
      expectTame(await coordinator.open(`/review/${id}`));
      expect(coordinator.page!.html).toContain('<bdi>');
      const decided = await coordinator.post(`/review/${id}`, {
        version: '1',
        [`verdict-${lines['iep-form-writer']}`]: 'reject',
        [`reason-${lines['iep-form-writer']}`]: text,
      });
      expect(decided.status).toBe(303);
      const visitor = await portal.signedIn(person);
      for (const path of ['/', `/requests/${id}`, '/notifications', '/staff-id', '/requests/new?application=ser'])
        expectTame(await visitor.open(path));
    }
    await portal.em.execute(`update site set name = ? where code = ?`, [payloads[1]!, story.school]);
    const coordinator = await portal.signedIn(story.coordinator);
    const cover = `/cover/new?for=${story.coordinator.coordinatorId}&q=${encodeURIComponent(payloads[1]!)}`;
    for (const path of [
      '/review',
      `/review?q=${encodeURIComponent(payloads[0]!)}`,
      '/notifications',
      '/my-sites',
      cover,
    ])
      expectTame(await coordinator.open(path));
    for (const query of [`level=site&code=${story.school}`, `q=${encodeURIComponent(payloads[1]!)}`])
      expectTame(await portal.stranger().open(`/find-coordinator?${query}`));
  });

  it('as questions, answers, entries for others and words about access: shown as text on every page of access', async () => {
    const coordinator = await portal.signedIn(story.coordinator);
    const officer = await portal.signedIn(story.officer);
    for (const text of [...payloads.slice(0, 8), ...strings.filter((_, index) => index % 200 === 100)].filter(
      (each) => each.trim() && isPlainText(wellFormed(each)),
    )) {
      const person = await aTeacher(portal.em, { firstName: text, lastName: text, site: story.school });
      const visitor = await portal.signedIn(person);
      const { id } = await ask(portal, person, story.school);
      const lines = await lineIdsOf(portal, id);
      await coordinator.post(`/review/${id}/ask`, { question: text });
      const [question] = await portal.em.execute<{ id: string }[]>(
        `select id from request_question where request_id = ?`,
        [id],
      );
      expectTame(await visitor.open(`/requests/${id}`));
      const answered = await visitor.post(`/requests/${id}/answer`, { questionId: question!.id, answer: text });
      expect(answered.status).toBe(303);
      const line = lines['iep-form-approver']!;
      await coordinator.post(`/review/${id}`, { version: '2', [`verdict-${line}`]: 'approve' });
      const [grant] = await portal.em.execute<{ id: string }[]>(`select id from access_grant where account_id = ?`, [
        person.accountId,
      ]);
      const access = `/people/${person.staffMemberId}/access/${grant!.id}`;
      const bad = await coordinator.post(`${access}/renew`, { lastDay: text });
      expect(bad.status).toBe(422);
      expectTame(bad);
      expectTame(await visitor.post(`/access/${grant!.id}/longer`, { lastDay: text, why: text }));
      expect((await coordinator.post(`${access}/suspend`, { reason: text })).status).toBe(303);
      const entry = await coordinator.post('/proposals', {
        ...{ staffId: person.staffId, permission: 'canopy:canopy-learning:learner', place: `site:${story.school}` },
        ...{ why: text, until: '', formKey: newId() },
      });
      const proposal = /proposals\/[0-9a-f-]+/.exec(entry.location ?? '')![0];
      expectTame(await coordinator.open(`/proposals/new?staffId=${person.staffId}`));
      expectTame(await visitor.open(`/${proposal}`));
      expect((await visitor.post(`/${proposal}/decline`, { reason: text })).status).toBe(303);
      await officer.post('/duties', {
        ...{ duty: 'special-education-supervisor', staffId: person.staffId, system: story.system },
      });
      const [{ duty }] = (await portal.em.execute(`select id as duty from duty_holder where staff_member_id = ?`, [
        person.staffMemberId,
      ])) as [{ duty: string }];
      expect((await officer.post(`/duties/${duty}/end`, { reason: text })).status).toBe(303);
      const days = { from: '2026-01-01', through: localDay(portal.clock.now()) };
      for (const path of [
        ...[`/review/${id}`, access, `/people/${person.staffMemberId}`, `/${proposal}`],
        `/people/as-of/person?${new URLSearchParams({ staffId: person.staffId, ...days })}`,
        `/people/as-of?q=${encodeURIComponent(wellFormed(text))}`,
        `/people?q=${encodeURIComponent(wellFormed(text))}`,
      ])
        expectTame(await coordinator.open(path));
      for (const path of [`/requests/${id}`, '/access', `/access/${grant!.id}/give-up`, '/requests', '/notifications'])
        expectTame(await visitor.open(path));
    }
    const { code, day } = { code: story.school, day: localDay(portal.clock.now()) };
    for (const path of [
      ...['/people', '/proposals', '/review?show=asked'],
      `/people/as-of?${new URLSearchParams({ level: 'site', code, what: 'ser-iep-form', day })}`,
    ])
      expectTame(await coordinator.open(path));
    expectTame(await officer.open('/duties'));
  });

  it('as what is typed into forms and addresses: given back as text', async () => {
    const visitor = await portal.signedIn(story.newcomer);
    const teacher = await portal.signedIn(story.teacher);
    const token = await visitor.token();
    for (const text of [...payloads, ...strings.filter((_, index) => index % 8 === 0)]) {
      const form = new URLSearchParams({
        _token: token,
        _key: newId(),
        staffId: 'x',
        firstName: text,
        lastName: text,
        birthMonth: text,
        birthDay: text,
        birthYear: text,
      }).toString();
      const page = await visitor.once('POST', '/staff-id', form, {
        'content-type': 'application/x-www-form-urlencoded',
      });
      expect(page.status).toBe(text.includes('\0') ? 400 : 422);
      expectTame(page);
      const q = encodeURIComponent(wellFormed(text));
      for (const path of [
        `/requests/new?application=ser&asked=place&q=${q}`,
        `/requests/new?application=${q}&role=${q}&permission=${q}&level=site&code=${q}`,
        `/requests/new?application=ser&level=site&code=${story.school}&role=${q}&permission=${q}`,
      ]) {
        const step = await teacher.open(path);
        expect(step.status).toBe(text.includes('\0') ? 400 : 200);
        expectTame(step);
      }
      const found = await teacher.open(`/places?q=${q}`, { accept: 'application/json' });
      if (!text.includes('\0'))
        expect([found.status, found.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    }
  });

  it('WB-5 a name that turns the reading direction stays in its place', async () => {
    const person = await aStaffMember(portal.em, { firstName: '\u202eevil', lastName: 'Moss', site: story.school });
    const { id } = await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-reader'],
    });
    await portal.em.execute('update permission_request set staff_member_id = ? where id = ?', [
      person.staffMemberId,
      id,
    ]);
    const coordinator = await portal.signedIn(story.coordinator);
    for (const path of ['/review?q=moss', `/review/${id}`])
      expect((await coordinator.open(path)).html).toContain('<bdi>\u202eevil Moss</bdi>');
  });
});
