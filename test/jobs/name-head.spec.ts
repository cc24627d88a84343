import { CoordinatorsModule, HeadsService } from '#coordinators';
import { runCommand } from '../support/commands.js';
import { startLibs, type TestLibs } from '../support/libs.js';
import { aStaffMember, aSystem } from '../support/people.js';

describe('name-head', () => {
  let libs: TestLibs;
  let system: string;
  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
    system = await aSystem(libs.em);
  });
  afterAll(() => libs?.close());
  const run = (...argv: string[]) => runCommand(libs.settings, ['name-head', ...argv]);

  it('puts a head on record in the place of the former, with an audit entry each', async () => {
    const [first, second] = [await aStaffMember(libs.em), await aStaffMember(libs.em, { firstName: 'Corinne' })];
    expect(await run(first.staffId, system)).toEqual({
      code: 0,
      err: '',
      out: expect.stringContaining(`is on record as Superintendent of ${system} from today`),
    });
    expect((await run(second.staffId, system, '--title', 'Head of School')).code).toBe(0);
    expect(await libs.app.get(HeadsService).headOf(system)).toMatchObject({
      staffMemberId: second.staffMemberId,
      title: 'Head of School',
    });
    expect(await run(second.staffId, system, '--title', 'Head of School')).toMatchObject({
      code: 1,
      err: expect.stringContaining('already'),
    });
    expect(await libs.em.execute(`select 1 from audit_entry where action = 'head.name'`)).toHaveLength(2);
  });

  it.each([
    ['an unknown Staff ID', ['0000000000', 'SYSTEM'], /Nobody has this Staff ID/],
    ['an unknown system', ['PERSON', 'ZZZ'], /no school system with this code/],
    ['a title of signs', ['PERSON', 'SYSTEM', '--title', '***'], /Give the title/],
  ])('refuses %s', async (_, argv, words) => {
    const { staffId } = await aStaffMember(libs.em);
    const answer = await run(...argv.map((part) => ({ PERSON: staffId, SYSTEM: system })[part] ?? part));
    expect(answer.code).toBe(1);
    expect(answer.err).toMatch(words);
  });
});
