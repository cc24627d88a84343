import { RequestsModule } from '#requests';
import { CoordinatorsService } from '#coordinators';
import { runCommand } from '../support/commands.js';
import { startLibs, type TestLibs } from '../support/libs.js';
import { aSite, aStaffMember, aSystem } from '../support/people.js';

describe('name-coordinator', () => {
  let libs: TestLibs;
  let system: string;
  let site: string;
  beforeAll(async () => {
    libs = await startLibs([RequestsModule]);
    system = await aSystem(libs.em);
    site = await aSite(libs.em, system);
  });
  afterAll(() => libs?.close());
  const run = (...argv: string[]) => runCommand(libs.settings, ['name-coordinator', ...argv]);

  it('names the state desk, a system and a site coordinator, once, with an audit entry each', async () => {
    const person = await aStaffMember(libs.em);
    const desk = await run(person.staffId, '--reach', 'state');
    expect(desk).toEqual({
      code: 0,
      err: '',
      out: expect.stringMatching(
        /decides at the state desk[^]*no linked account yet[^]*not signed the confidentiality statement/,
      ),
    });
    expect((await run(person.staffId, '--reach', 'system', '--places', system)).code).toBe(0);
    expect((await run(person.staffId, '--reach', 'site', '--places', site, '--application', 'ser')).out).toMatch(
      /for ser only/,
    );
    const scopes = await libs.app.get(CoordinatorsService).scopesOf(person.staffMemberId);
    expect(scopes.map((scope) => scope.reach).sort()).toEqual(['site', 'state', 'system']);
    expect(await run(person.staffId, '--reach', 'state')).toMatchObject({
      code: 1,
      err: expect.stringContaining('already'),
    });
    expect(await libs.em.execute(`select 1 from audit_entry where action = 'coordinator.designate'`)).toHaveLength(3);
  });

  it.each([
    ['an unknown Staff ID', ['0000000000', '--reach', 'state'], /Nobody has this Staff ID/],
    ['a reach there is not', ['PERSON', '--reach', 'planet'], /Choose the state/],
    ['a state desk with a site', ['PERSON', '--reach', 'state', '--places', 'X'], /Leave both out/],
    ['a system without its code', ['PERSON', '--reach', 'system'], /Name one school system/],
  ])('refuses %s and changes nothing', async (_, argv, words) => {
    const person = await aStaffMember(libs.em);
    const before = await libs.em.execute(`select count(*) from coordinator`);
    const answer = await run(...argv.map((part) => (part === 'PERSON' ? person.staffId : part)));
    expect(answer.code).toBe(1);
    expect(answer.err).toMatch(words);
    expect(await libs.em.execute(`select count(*) from coordinator`)).toEqual(before);
  });
});
