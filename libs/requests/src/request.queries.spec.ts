import { GrantsService } from '#grants';
import { newId, type SignedIn } from '#kernel';
import { type Message, MessageKinds } from '#notifications';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aCoordinator, aSite, aSystem, aTeacher, type TestPerson } from '../../../test/support/people.js';
import type { Wanted } from '../../../test/support/request-office.js';
import { RequestQueries, RequestsModule, RequestsService } from './index.js';

describe('request queries', () => {
  let libs: TestLibs;
  let requests: RequestsService;
  let queries: RequestQueries;
  let system: string;
  let school: string;
  let teacher: TestPerson;

  beforeAll(async () => {
    libs = await startLibs([RequestsModule]);
    requests = libs.app.get(RequestsService);
    queries = libs.app.get(RequestQueries);
  });
  afterAll(() => libs?.close());
  beforeEach(async () => {
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system, { name: 'Cypress Bend High' });
    teacher = await aTeacher(libs.em, {
      firstName: 'Lee',
      lastName: 'Carter',
      site: school,
      position: 'Special education teacher',
    });
  });

  const ask = async (actor: SignedIn = teacher.actor, { why, ...more }: Wanted = {}): Promise<string> => {
    const wish = {
      application: 'ser-iep-form',
      role: 'iep-form',
      permissions: ['iep-form-writer'],
      location: { level: 'site' as const, code: school },
      ...more,
    };
    return (await requests.submit(actor, { wishes: [wish], why, formKey: newId() })).id;
  };
  it('a request shows who asks, where they are employed, who decides and why', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Ana', lastName: 'Ruiz' });
    const id = await ask(undefined, { why: 'New caseload' });
    expect(await queries.view(near.actor, id)).toMatchObject({
      why: 'New caseload',
      requester: {
        name: 'Lee Carter',
        staffId: teacher.staffId,
        employments: [{ site: 'Cypress Bend High', siteCode: school, position: 'Special education teacher' }],
      },
      lines: [
        {
          deciders: [{ name: 'Ana Ruiz', reach: 'system' }],
          stateDesk: false,
          reasons: [expect.stringContaining('so the coordinator of')],
        },
      ],
    });
  });

  it('AC-2 ids that are no ids are absent, not faults', async () => {
    for (const id of ['', 'x', `' or 1=1 --`, '../../etc/passwd', '\u0000', newId()])
      expect([id, await codeOf(queries.view(teacher.actor, id))]).toEqual([id, 'requests.not-found']);
  });

  describe('messages', () => {
    const worded = async (kind: string, person: TestPerson) => {
      const [row] = await libs.em.execute<{ id: string; facts: Record<string, string> }[]>(
        `select id, facts from message where kind = ? and recipient_id = ? order by queued_at desc limit 1`,
        [kind, person.accountId],
      );
      return libs.app
        .get(MessageKinds)
        .named(kind)
        .word({ ...row!, kind } as Message, { em: libs.em, forMail: true });
    };

    it('ML-3 RS-6 say calmly what happened; subjects are static; links go to the configured origin', async () => {
      const near = await aCoordinator(libs.em, { reach: 'system', system });
      const id = await ask(undefined, { permissions: ['iep-form-writer', 'iep-form-approver'] });
      expect(await worded('request.submitted', near)).toEqual({
        subject: 'A request for access waits for you',
        paragraphs: [
          expect.stringMatching(
            /^Lee Carter asks for IEP Form Writer, IEP Form Approver in SER IEP Form at Cypress Bend High \(R-20\d\d-\d{6}\)\.$/,
          ),
          'You are among those who may decide it. Whoever acts first decides; nothing more is needed from the others.',
        ],
        action: { label: 'Read it and decide', address: `${libs.settings.PORTAL_ORIGIN}/review/${id}` },
      });
      await requests.addNote(near.actor, id, 'See https://evil.example');
      const note = await worded('request.note', teacher);
      expect(note).toMatchObject({
        subject: 'There is a new note on a request',
        action: { address: `${libs.settings.PORTAL_ORIGIN}/requests/${id}` },
      });
      expect(JSON.stringify(note)).not.toContain('evil');
      const { lines } = await queries.view(near.actor, id);
      await requests.decide(near.actor, id, {
        version: 1,
        decisions: [{ lineId: lines[1]!.id, verdict: 'reject', reason: 'Only supervisors approve.' }],
      });
      expect(await worded('request.decided', teacher)).toMatchObject({
        subject: 'Your request for access was decided',
        paragraphs: [
          expect.stringMatching(/^About your request R-/),
          'IEP Form Approver: not approved. Reason: Only supervisors approve.',
          expect.stringMatching(/^If you think this is a mistake/),
        ],
        action: { address: `${libs.settings.PORTAL_ORIGIN}/requests/${id}` },
      });
      await requests.withdraw(teacher.actor, id);
      expect(await worded('request.withdrawn', near)).toMatchObject({
        subject: 'A request for access was withdrawn',
        paragraphs: [expect.stringMatching(/^Lee Carter withdrew the request/), expect.any(String)],
      });
    });

    it('a reason that speaks of approval does not change what the message says', async () => {
      const near = await aCoordinator(libs.em, { reach: 'system', system });
      const id = await ask();
      const { lines } = await queries.view(near.actor, id);
      await requests.decide(near.actor, id, {
        version: 1,
        decisions: [{ lineId: lines[0]!.id, verdict: 'reject', reason: 'x: approved.' }],
      });
      const wording = await worded('request.decided', teacher);
      expect(wording.paragraphs.at(-1)).toMatch(/^If you think this is a mistake/);
      expect(await libs.app.get(GrantsService, { strict: false }).of(teacher.accountId)).toEqual([]);
    });
  });
});
