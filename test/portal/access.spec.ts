import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '#kernel';
import { projectRoot } from '#settings';
import { routesOf } from '#web';
import { type PortalVisitor, startPortal, type TestPortal } from './portal.js';
import { aDispute, ask, lineIdsOf, type Story, tellStory } from './story.js';

const goldenFile = 'test/house/routes.portal.txt';
const golden = readFileSync(join(projectRoot, goldenFile), 'utf8');

/** The columns of the golden table. `stranger` is on staff in another system; `other` coordinates there. */
const visitors = ['nobody', 'newcomer', 'teacher', 'stranger', 'coordinator', 'other', 'officer'] as const;
type Who = (typeof visitors)[number];

/** Forms as empty as can be: whoever is let in hears what is missing, and nothing changes. Only withdrawing needs no more than the button. */
const hollow: Record<string, Record<string, string>> = {
  'POST /review/:id': { version: '1' },
  'POST /notifications/read': { until: '2000-01-01T00:00:00Z' },
};

describe('AC-1 who may open what', () => {
  let portal: TestPortal;
  let story: Story;
  let requestId: string;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    ({ id: requestId } = await ask(portal, story.teacher, story.school));
    await aDispute(portal, story.teacher, story.newcomer);
  });
  afterAll(() => portal?.stop());

  const people = (): Record<Exclude<Who, 'nobody'>, { accountId: string }> => ({
    newcomer: story.newcomer,
    teacher: story.teacher,
    stranger: story.stranger,
    coordinator: story.coordinator,
    other: story.otherCoordinator,
    officer: story.officer,
  });

  /** A route with things in it that are there: a request, a school system. */
  const addressOf = (path: string): string =>
    path.replace(':id', requestId).replace(':level', 'system').replace(':code', story.system);

  it(`the routes, and what each answers to whom, are as ${goldenFile} says`, async () => {
    const signedIn: Record<string, PortalVisitor> = {};
    const lines: string[] = [];
    for (const { method, path, access } of routesOf(portal.app)) {
      const statuses: number[] = [];
      for (const who of visitors) {
        // Signing out ends the session, so every visitor comes anew for it.
        const fresh = path.startsWith('/sign') || !signedIn[who];
        const visitor = fresh
          ? (signedIn[who] = who === 'nobody' ? portal.stranger() : await portal.signedIn(people()[who]))
          : signedIn[who]!;
        const address = addressOf(path);
        const page =
          method === 'GET' ? await visitor.open(address) : await visitor.post(address, hollow[`${method} ${path}`]);
        statuses.push(page.status);
        if (fresh) delete signedIn[who];
      }
      lines.push(
        `${method.padEnd(5)}${path.padEnd(38)}${(access ?? 'undeclared').padEnd(12)}${statuses.map((status) => String(status).padEnd(12)).join('')}`.trimEnd(),
      );
    }
    const heading =
      `${''.padEnd(5)}${'route'.padEnd(38)}${'access'.padEnd(12)}${visitors.map((who) => who.padEnd(12)).join('')}`.trimEnd();
    const found = `${[heading, ...lines].join('\n')}\n`;
    if (found !== golden)
      throw new Error(`Who may open what has changed. If it is meant so, put this into ${goldenFile}:\n${found}`);
  });

  it('AC-2 requests of others, absent ones and things that are no ids look the same', async () => {
    const { id: foreign } = await ask(portal, story.stranger, story.otherSchool);
    const teacher = await portal.signedIn(story.teacher);
    const coordinator = await portal.signedIn(story.coordinator);
    const bodyOf = ({ html }: { html: string }): string =>
      html
        .replace(/reference: [0-9a-f-]+/, '')
        .replaceAll(
          /value="[0-9a-f]{64}"|name="_key" value="[0-9a-f-]{36}"|data-token="[0-9a-f]+"|data-session-overall="\d+"/g,
          '',
        );
    for (const [visitor, pages] of [
      [
        teacher,
        (id: string) => [
          `GET /requests/${id}`,
          `POST /requests/${id}/withdraw`,
          `POST /requests/${id}/notes text=hello`,
        ],
      ],
      [
        coordinator,
        (id: string) => [
          `GET /requests/${id}`,
          `GET /review/${id}`,
          `POST /review/${id} version=1&verdict-${newId()}=approve`,
          `POST /requests/${id}/withdraw`,
          `POST /requests/${id}/notes text=hello`,
        ],
      ],
    ] as [PortalVisitor, (id: string) => string[]][]) {
      const answers: string[][] = [];
      for (const id of [foreign, newId(), "1' or '1'='1", 'x'.repeat(3000)]) {
        const seen: string[] = [];
        for (const line of pages(encodeURIComponent(id))) {
          const [method, path, fields] = line.split(' ') as [string, string, string?];
          const page =
            method === 'GET'
              ? await visitor.open(path)
              : await visitor.post(path, Object.fromEntries(new URLSearchParams(fields)));
          seen.push(`${page.status} ${bodyOf(page)}`);
        }
        answers.push(seen);
      }
      for (const seen of answers) {
        expect(seen.map((each) => each.slice(0, 3))).toEqual(seen.map(() => '404'));
        expect(seen).toEqual(answers[0]);
      }
    }
    expect(
      await portal.em.execute(`select 1 from request_line where request_id = ? and status <> 'pending'`, [foreign]),
    ).toHaveLength(0);
    expect(await portal.em.execute(`select 1 from request_note where request_id = ?`, [foreign])).toHaveLength(0);
  });

  it.each([0, 1, 2])('AC-2 a foreign line at place %i of a list refuses the whole list', async (position) => {
    const { id } = await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-writer', 'ser-data-reader'],
      level: 'system',
      code: story.system,
    }).catch(
      async () =>
        (
          await portal.em.execute<{ id: string }[]>(
            `select request_id as id from request_line where application = 'ser'`,
          )
        )[0]!,
    );
    const { id: foreign } = await ask(portal, story.stranger, story.otherSchool, {
      application: 'canopy',
      role: 'canopy-learning',
      permissions: ['learner'],
    }).catch(
      async () =>
        (
          await portal.em.execute<{ id: string }[]>(`select id from permission_request where staff_member_id = ?`, [
            story.stranger.staffMemberId,
          ])
        )[0]!,
    );
    const own = Object.values(await lineIdsOf(portal, id));
    const [alien] = Object.values(await lineIdsOf(portal, foreign));
    const list = own.toSpliced(position, 0, alien!);
    const coordinator = await portal.signedIn(story.coordinator);
    const page = await coordinator.post(`/review/${id}`, {
      version: '1',
      ...Object.fromEntries(list.map((line) => [`verdict-${line}`, 'approve'])),
    });
    expect(page.status).toBe(404);
    expect(
      await portal.em.execute(`select 1 from request_line where request_id in (?, ?) and status <> 'pending'`, [
        id,
        foreign,
      ]),
    ).toHaveLength(0);
    expect(await portal.em.execute(`select 1 from access_grant`)).toHaveLength(0);
  });

  it('AC-3 a coordinator finds nothing of another system in the waiting list', async () => {
    await portal.em.execute(`update permission_request set why = 'zebrafish-marker' where staff_member_id = ?`, [
      story.stranger.staffMemberId,
    ]);
    const coordinator = await portal.signedIn(story.coordinator);
    const { html } = await coordinator.open('/review');
    expect(html).toContain('Thibeaux');
    expect(html).not.toMatch(/Brasseaux|zebrafish|Old Ferry/);
  });
});
