import { CatalogService } from '#catalog';
import { systemActor } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aSite, aSystem, aTeacher, type TestPerson } from '../../../test/support/people.js';
import { type DutyMeeting, type EffectivePermission, GrantsModule, GrantsService, HoldingRules } from './index.js';

describe('duties that should not meet', () => {
  let libs: TestLibs;
  let grants: GrantsService;
  let catalog: CatalogService;
  let [system, school, other] = ['', '', ''];
  let teacher: TestPerson;

  beforeAll(async () => {
    libs = await startLibs([GrantsModule]);
    grants = libs.app.get(GrantsService);
    catalog = libs.app.get(CatalogService, { strict: false });
    system = await aSystem(libs.em);
    [school, other] = [await aSite(libs.em, system), await aSite(libs.em, system)];
  });
  afterAll(() => libs?.close());
  beforeEach(async () => void (teacher = await aTeacher(libs.em)));

  const duty = (permission: string, code = school): EffectivePermission => ({
    application: 'ser-iep-form',
    role: 'iep-form',
    permission,
    location: { level: code === system ? 'system' : 'site', code },
    systemCode: system,
  });
  const [writer, approver] = ['iep-form-writer', 'iep-form-approver'];
  const give = (wish: EffectivePermission): Promise<string> =>
    grants.give(systemActor, { ...wish, accountId: teacher.accountId, staffMemberId: teacher.staffMemberId });
  const meetings = async (wishes: EffectivePermission[]): Promise<DutyMeeting[]> =>
    libs.app.get(HoldingRules).conflicts(await grants.holdings(teacher.staffMemberId), wishes);
  const found = async (...wishes: EffectivePermission[]): Promise<string[]> =>
    (await meetings(wishes)).map(
      ({ effect, wish, meets, held }) => `${effect} ${wish.permission} ${held ? 'held' : 'wished'} ${meets.permission}`,
    );

  it('are told before anything is sent: with what is held, and among the wishes', async () => {
    expect(await found(duty(writer), duty(approver))).toEqual([`warn ${approver} wished ${writer}`]);
    expect(await found(duty(writer), duty(approver, other))).toEqual([]);
    const id = await give(duty(writer));
    expect(await found(duty(approver), duty(approver, other))).toEqual([`warn ${approver} held ${writer}`]);
    expect((await meetings([duty(approver)]))[0]!.because).toMatch(/^Whoever writes/);
    await grants.endFor(systemActor, { grantIds: [id] }, 'duty-changed');
    expect(await found(duty(approver))).toEqual([]);
  });

  it('what holds for the whole system meets at each of its sites', async () => {
    await give(duty(writer, system));
    expect(await found(duty(approver))).toEqual([`warn ${approver} held ${writer}`]);
  });

  it('a warning does not keep anybody from being given both; what is forbidden is never given', async () => {
    await give(duty(writer));
    const [rule] = catalog.application('ser-iep-form').conflicts;
    rule!.effect = 'forbid';
    expect(await codeOf(give(duty(approver)))).toBe('grants.conflict');
    expect(await codeOf(give(duty(approver, other)))).toMatch(/^done/);
    rule!.where = 'same-system';
    expect(await found(duty(approver, other))).toEqual([`forbid ${approver} held ${writer}`]);
    Object.assign(rule!, { effect: 'warn', where: 'same-site' });
    expect(await codeOf(give(duty(approver)))).toMatch(/^done/);
  });

  it('R-07 both of a forbidden pair at once: one is given', async () => {
    const [rule] = catalog.application('ser-iep-form').conflicts;
    rule!.effect = 'forbid';
    for (let round = 0; round < 5; round++) {
      teacher = await aTeacher(libs.em);
      const outcomes = await Promise.all([writer, approver, writer, approver].map((one) => codeOf(give(duty(one)))));
      expect(outcomes.filter((one) => one.startsWith('done'))).toHaveLength(1);
      for (const outcome of outcomes) expect(outcome).toMatch(/^done|^grants\./);
    }
    rule!.effect = 'warn';
  });
});
