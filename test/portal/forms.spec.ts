import { newId } from '#kernel';
import { routesOf } from '#web';
import { formBody, type PortalVisitor, startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

/** What the rows of a database add up to, so that "nothing changed" can be said of all of it. */
const stateOf = async ({ em }: TestPortal): Promise<string> => {
  const tables = [
    'permission_request',
    'request_line',
    'request_note',
    'access_grant',
    'grant_version',
    'staff_link',
    'link_dispute',
    'message',
    'account',
    'coordinator',
    'staff_member',
    'employment',
  ];
  const rows = await Promise.all(tables.map((table) => em.fork().execute(`select * from ${table} order by 1`)));
  return JSON.stringify(rows);
};

/** Of nothing that is there. */
const someId = '7b0c8f0e-5f4e-4c1b-9d0b-0e8f8a6f7a10';

describe('forms of the portal', () => {
  let portal: TestPortal;
  let story: Story;
  let requestId: string;
  let lines: Record<string, string>;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    ({ id: requestId } = await ask(portal, story.teacher, story.school));
    lines = await lineIdsOf(portal, requestId);
  });
  afterAll(() => portal?.stop());

  /** A form for each route that changes something, good but for what the test bends. */
  const good = (): Record<string, Record<string, string | string[]>> => ({
    'POST /access/:id/give-up': { reason: 'x' },
    'POST /access/:id/longer': { lastDay: '2027-01-05', why: 'x' },
    'POST /coordinator-access/:id': { version: '1', agree: 'yes', statement: '1' },
    'POST /coordinator-access/:id/withdraw': { version: '1' },
    'POST /cover': { for: someId, person: someId, fromDay: '2026-12-01', lastDay: '2026-12-05' },
    'POST /cover/:id/end': {},
    'POST /designate': {
      system: story.system,
      staffId: story.teacher.staffId,
      reach: 'site',
      site: story.school,
      reason: 'x',
      formKey: someId,
    },
    'POST /designate/:id/withdraw': { version: '1' },
    'POST /duties': { duty: 'special-education-supervisor', staffId: '9000000001', system: story.system },
    'POST /duties/:id/end': { reason: 'x' },
    'POST /my-scope/:id/stand-down': { reason: 'x' },
    'POST /notifications/read': { until: new Date().toISOString() },
    'POST /people/:id/access/:grantId/renew': { lastDay: '2027-01-05' },
    'POST /people/:id/access/:grantId/resume': {},
    'POST /people/:id/access/:grantId/revoke': { reason: 'x' },
    'POST /people/:id/access/:grantId/suspend': { reason: 'x' },
    'POST /people/:id/end': { reason: 'x' },
    'POST /people/renew': { grant: someId, lastDay: '2027-01-05' },
    'POST /people/staff-files': { id: someId, answer: 'confirmed' },
    'POST /proposals': {
      staffId: '9000000001',
      permission: 'ser:ser-data:ser-data-reader',
      place: `site:${story.school}`,
      why: 'x',
      formKey: someId,
    },
    'POST /proposals/:id/confirm': { mayNarrow: 'yes' },
    'POST /proposals/:id/decline': { reason: 'x' },
    'POST /proposals/:id/withdraw': {},
    'POST /requests': {
      application: 'ser',
      role: 'ser-data',
      permission: ['ser-data-reader'],
      level: 'site',
      code: story.school,
      why: 'x',
      formKey: someId,
    },
    'POST /requests/:id/answer': { questionId: someId, answer: 'x' },
    'POST /requests/:id/notes': { text: 'hello' },
    'POST /requests/:id/offer': { offerId: someId, answer: 'decline' },
    'POST /requests/:id/suggestion': { suggestionId: someId, answer: 'decline' },
    'POST /requests/:id/withdraw': {},
    'POST /review/:id': { version: '1', [`verdict-${lines['iep-form-writer']}`]: 'approve' },
    'POST /review/:id/ask': { question: 'x' },
    'POST /review/:id/suggest': { version: '1', note: 'x' },
    'POST /review/many': { pick: `9:${lines['iep-form-writer']}`, verdict: 'approve' },
    'POST /session/extend': {},
    'POST /sign-out': {},
    'POST /staff-id': {
      staffId: '9000000001',
      firstName: 'A',
      lastName: 'B',
      birthMonth: '1',
      birthDay: '2',
      birthYear: '1980',
    },
    'POST /state/coordinators/:id/cover': { staffMemberId: someId, fromDay: '2026-12-01', lastDay: '2026-12-05' },
    'POST /state/coordinators/:id/end': { reason: 'x' },
    'POST /state/coordinators/:id/end-cover': { coverId: someId },
    'POST /state/designations/:id/approve': { version: '1', note: 'x' },
    'POST /state/designations/:id/grant': { version: '1' },
    'POST /state/designations/:id/refuse': { version: '1', reason: 'x' },
    'POST /state/disagreements': { id: someId, outcome: 'register' },
    'POST /state/disputes': { id: someId, outcome: 'holder-keeps', note: 'x' },
    'POST /state/places/site/:code/:change': { to: story.system, reason: 'x' },
    'POST /state/places/system/:code/end-head': { headId: someId, reason: 'x' },
    'POST /state/places/system/:code/head': { staffId: '9000000001', title: 'Superintendent' },
    'POST /state/register/:id/apply': { only: `site:${story.school}` },
    'POST /state/register/:id/drop': {},
    'POST /state/register/:id/refresh': {},
    'POST /statement': { version: '1', agree: 'yes' },
  });

  /** Somebody the route is open to; `/state` before what it holds. */
  const visitorFor = (route: string): Promise<PortalVisitor> => {
    const who = (
      [
        ['/state/', story.officer],
        ['/people', story.officer],
        ['/designate', story.head],
        ['/duties', story.officer],
        ['/proposals', story.coordinator],
        ['/review', story.coordinator],
        ['/cover', story.coordinator],
        ['/statement', story.coordinator],
      ] as const
    ).find(([part]) => route.includes(part));
    return portal.signedIn(who?.[1] ?? story.teacher);
  };

  const addressOf = (path: string): string =>
    path
      .replace(':id', requestId)
      .replace(':grantId', someId)
      .replace(':code', story.school)
      .replace(':change', 'close');

  it('WB-1 no form is sent without the token of this session, from this site, as a form', async () => {
    const routes = routesOf(portal.app).filter(({ method }) => method !== 'GET');
    expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(good()).sort());
    const before = await stateOf(portal);
    const form = 'application/x-www-form-urlencoded';
    for (const { method, path } of routes) {
      const name = `${method} ${path}`;
      const address = addressOf(path);
      const visitor = await visitorFor(name);
      const token = await visitor.token();
      const other = await (await portal.signedIn(story.stranger)).token();
      const fields = good()[name]!;
      const attempts: [string, string, string, Record<string, string>][] = [
        ['no token', method, formBody(fields), { 'content-type': form }],
        ['empty token', method, formBody({ ...fields, _token: '' }), { 'content-type': form }],
        ['two tokens', method, formBody({ ...fields, _token: [token, token] }), { 'content-type': form }],
        ["other session's token", method, formBody({ ...fields, _token: other }), { 'content-type': form }],
        [
          'other origin',
          method,
          formBody({ ...fields, _token: token }),
          { 'content-type': form, origin: 'https://evil.test' },
        ],
        ['origin null', method, formBody({ ...fields, _token: token }), { 'content-type': form, origin: 'null' }],
        [
          'cross-site',
          method,
          formBody({ ...fields, _token: token }),
          { 'content-type': form, 'sec-fetch-site': 'cross-site' },
        ],
        [
          'same-site',
          method,
          formBody({ ...fields, _token: token }),
          { 'content-type': form, 'sec-fetch-site': 'same-site' },
        ],
        ['text/plain', method, JSON.stringify({ ...fields, _token: token }), { 'content-type': 'text/plain' }],
        [
          'multipart',
          method,
          `--x\r\ncontent-disposition: form-data; name="_token"\r\n\r\n${token}\r\n--x--`,
          { 'content-type': 'multipart/form-data; boundary=x' },
        ],
        ['token in the address only', method, formBody(fields), { 'content-type': form, 'x-csrf-token': token }],
      ];
      for (const [what, verb, body, headers] of attempts) {
        const { status } = await visitor.once(
          verb,
          what.endsWith('address only') ? `${address}?_token=${token}` : address,
          body,
          headers,
        );
        expect(`${name}, ${what}: ${status}`).toBe(`${name}, ${what}: 403`);
      }
      for (const header of ['x-http-method-override', 'x-method-override']) {
        const { status } = await visitor.once(
          'GET',
          `${address}?_method=POST&${formBody({ ...fields, _token: token })}`,
          undefined,
          { [header]: 'POST' },
        );
        expect([200, 400, 403, 404]).toContain(status);
      }
    }
    expect(await stateOf(portal)).toBe(before);
    // The same forms with their token are let in, so it was the guard that refused.
    for (const { method, path } of routes.filter(({ path }) => !path.endsWith('withdraw') && path !== '/review/:id')) {
      const { status } = await (
        await visitorFor(`${method} ${path}`)
      ).post(addressOf(path), good()[`${method} ${path}`]);
      expect([`${method} ${path}`, [200, 204, 303, 404, 409, 422].includes(status)]).toEqual([
        `${method} ${path}`,
        true,
      ]);
    }
  }, 240_000);

  it('WB-1 a token outlives neither sign-in nor sign-out', async () => {
    const visitor = await portal.signedIn(story.teacher);
    const token = await visitor.token();
    const again = await portal.signedIn(story.teacher);
    for (const [name, cookie] of visitor.cookies) if (name.endsWith('browser')) again.cookies.set(name, cookie);
    expect(
      (
        await again.once('POST', '/session/extend', formBody({ _token: token }), {
          'content-type': 'application/x-www-form-urlencoded',
        })
      ).status,
    ).toBe(403);
  });

  const forbidden = [
    'id',
    'status',
    'siteId',
    'approvedBy',
    'verified',
    'isAdmin',
    'accountId',
    'account_id',
    'staffMemberId',
    'decidedBy',
    'systemCode',
    'grantId',
    'reference',
    'submittedAt',
    'routing',
    '__proto__',
    'constructor',
    'prototype',
    'permissions[]',
    'lines[0][status]',
  ];

  it('IN-1 a field no form has is refused, and nothing changes', async () => {
    const before = await stateOf(portal);
    for (const [name, fields] of Object.entries(good())) {
      if (Object.keys(fields).length === 0) continue; // reads no body at all
      const visitor = await visitorFor(name);
      for (const extra of forbidden.filter((field) => !(field in fields))) {
        const { status } = await visitor.post(addressOf(name.replace('POST ', '')), {
          ...fields,
          [extra]: 'approved',
        });
        expect(`${name} + ${extra}: ${status}`).toBe(`${name} + ${extra}: 400`);
      }
    }
    expect(await stateOf(portal)).toBe(before);
  }, 240_000);

  it('IN-1 the same as JSON, with nested values', async () => {
    const visitor = await portal.signedIn(story.teacher);
    const token = await visitor.token();
    const before = await stateOf(portal);
    for (const body of [
      { ...good()['POST /requests'], __proto__: undefined, status: 'approved' },
      { ...good()['POST /requests'], why: { toString: 'x' } },
      { ...good()['POST /requests'], application: ['ser', 'canopy'] },
      { ...good()['POST /requests'], permission: [['ser-data-reader']] },
      { ...good()['POST /requests'], why: [[[[[[[['x']]]]]]]] },
    ]) {
      const { status } = await visitor.once(
        'POST',
        '/requests',
        JSON.stringify({ ...body, _token: token, _key: newId() }),
        {
          'content-type': 'application/json',
        },
      );
      expect([400, 422]).toContain(status);
    }
    const deep = `{"_token":"${token}","_key":"${newId()}","why":${'['.repeat(40_000)}${']'.repeat(40_000)}}`;
    expect((await visitor.once('POST', '/requests', deep, { 'content-type': 'application/json' })).status).toBe(400);
    expect(await stateOf(portal)).toBe(before);
  });

  it('IN-2 a parameter that comes twice, or has brackets, is refused or ignored', async () => {
    const visitor = await portal.signedIn(story.teacher);
    expect((await visitor.open('/requests/new?application=ser&application=canopy')).status).toBe(400);
    expect((await visitor.open('/places?q=a&q=b')).status).toBe(400);
    expect((await visitor.open('/requests/new?application[x]=ser')).status).toBe(200);
    expect((await visitor.open(`/requests/new?application=ser&orderBy[x]=desc;%20select%20pg_sleep(5)`)).status).toBe(
      200,
    );
  });

  it('CO-7 a reason of 10 MB is refused before it is read', async () => {
    const visitor = await portal.signedIn(story.coordinator);
    const { status, text } = await visitor.post(`/review/${requestId}`, {
      version: '1',
      [`verdict-${lines['iep-form-writer']}`]: 'reject',
      [`reason-${lines['iep-form-writer']}`]: 'x'.repeat(10_000_000),
    });
    expect(status).toBe(413);
    expect(text).toContain('too large');
  });

  it('a form with faults comes back with what was typed, the faults beside the fields and in a summary', async () => {
    const coordinator = await portal.signedIn(story.coordinator);
    const [writer, approver] = [lines['iep-form-writer']!, lines['iep-form-approver']!];
    const page = await coordinator.post(`/review/${requestId}`, {
      version: '1',
      [`verdict-${writer}`]: 'reject',
      [`reason-${writer}`]: '',
      [`reason-${approver}`]: 'typed & kept',
    });
    expect(page.status).toBe(422);
    expect(page.html).toContain(`href="#reason-${writer}"`);
    expect(page.html).toContain(`id="reason-${writer}-fault"`);
    expect(page.html).toContain('typed &amp; kept');
    expect(page.html).toMatch(new RegExp(`value="reject"[^>]*checked|checked[^>]*value="reject"`));
    expect(page.html).toContain('<title>Error: ');

    const newcomer = await portal.signedIn(story.newcomer);
    const linking = await newcomer.post('/staff-id', {
      staffId: '123456789',
      firstName: 'Zoë',
      lastName: '',
      birthMonth: '2',
      birthDay: '30',
      birthYear: '1980',
    });
    expect(linking.status).toBe(422);
    for (const piece of [
      '10 digits',
      'value="123456789"',
      'value="Zoë"',
      'href="#staffId"',
      'href="#lastName"',
      'id="lastName-fault"',
      'value="1980"',
    ])
      expect(linking.html).toContain(piece);
    const nonsense = await newcomer.post('/staff-id', {
      firstName: 'Zoë',
      lastName: 'B',
      birthMonth: '2',
      birthDay: '30',
      birthYear: '1980',
    });
    expect(nonsense.text).toContain('There is no such day');
  });
});
