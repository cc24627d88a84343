import { newId } from '#kernel';
import { RequestsService } from '#requests';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aCoordinator, aSite, aStateOfficer, aSystem, aTeacher, moveSite } from '../../../test/support/people.js';
import { OversightModule, RegisterImpact } from './index.js';

describe('what a change of places touches', () => {
  let libs: TestLibs;
  let impact: RegisterImpact;

  beforeAll(async () => {
    libs = await startLibs([OversightModule]);
    impact = libs.app.get(RegisterImpact);
  });
  afterAll(() => libs?.close());

  it('IM-3: counts people, grants, open lines and coordinators of a site and a system; nothing for unknown ones', async () => {
    const desk = await aStateOfficer(libs.em);
    const system = await aSystem(libs.em);
    const [school, empty, left] = [
      await aSite(libs.em, system),
      await aSite(libs.em, system),
      await aSite(libs.em, system),
    ];
    const teacher = await aTeacher(libs.em, { site: school });
    await aTeacher(libs.em, { site: left });
    await moveSite(libs.em, left, await aSystem(libs.em));
    const near = await aCoordinator(libs.em, { reach: 'group', system, sites: [school, empty] });
    await aCoordinator(libs.em, { reach: 'system', system });
    await aCoordinator(libs.em, { reach: 'system', system, toDay: '2021-01-01' });
    const requests = libs.app.get(RequestsService, { strict: false });
    const wish = { role: 'ser-data', location: { level: 'site' as const, code: school }, application: 'ser' };
    const permissions = ['ser-data-writer', 'ser-data-reader'];
    const { id } = await requests.submit(teacher.actor, { wishes: [{ ...wish, permissions }], formKey: newId() });
    const [line] = await libs.em.execute<{ id: string }[]>(`select id from request_line where request_id = ?`, [id]);
    await requests.decide(near.actor, id, { version: 1, decisions: [{ lineId: line!.id, verdict: 'approve' }] });

    const site = (code: string): { level: 'site'; code: string } => ({ level: 'site', code });
    const found = await impact.of(desk.actor, [
      site(school),
      site(empty),
      { level: 'system', code: system },
      site('NO'),
    ]);
    expect(Object.fromEntries(found)).toEqual({
      [`site:${school}`]: { people: 1, grants: 1, openLines: 1, coordinators: 1 },
      [`site:${empty}`]: { people: 0, grants: 0, openLines: 0, coordinators: 1 },
      [`system:${system}`]: { people: 1, grants: 0, openLines: 0, coordinators: 2 },
      'site:NO': { people: 0, grants: 0, openLines: 0, coordinators: 0 },
    });
    expect(await impact.of(desk.actor, [])).toEqual(new Map());
    expect(await codeOf(impact.of(near.actor, [site(school)]))).toBe('oversight.not-yours');
  });
});
