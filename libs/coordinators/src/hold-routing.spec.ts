import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { CoordinatorsModule, holdRouting } from './index.js';

type Wanted = Parameters<typeof holdRouting>[1];

describe('holdRouting', () => {
  let libs: TestLibs;
  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
  });
  afterAll(() => libs?.close());

  /** Whether somebody who holds the first makes somebody who wants the second wait. */
  async function waits(held: [Wanted, 'read' | 'change'], wanted: [Wanted, 'read' | 'change']): Promise<boolean> {
    return libs.em.transactional(async (em) => {
      await holdRouting(em, ...held);
      const other = libs.em.fork({ clear: true, useContext: false }).transactional(async (second) => {
        await second.execute(`set local lock_timeout = '100ms'`);
        await holdRouting(second, ...wanted);
      });
      return other.then(
        () => false,
        () => true,
      );
    });
  }

  it.each<[boolean, [Wanted, 'read' | 'change'], [Wanted, 'read' | 'change']]>([
    [false, [['001'], 'read'], [['001', '395'], 'read']],
    [true, [['001'], 'change'], [['395', '001'], 'read']],
    [true, [['001', '395'], 'read'], [['395'], 'change']],
    [true, [['001'], 'change'], [['001'], 'change']],
    [false, [['001'], 'change'], [['395'], 'change']],
    [true, ['everywhere', 'change'], [['001'], 'read']],
    [true, ['everywhere', 'change'], [[undefined], 'read']],
    [true, [['001'], 'change'], ['everywhere', 'change']],
    [true, [[undefined], 'read'], ['everywhere', 'change']],
    [false, [[undefined], 'read'], [['001'], 'change']],
    [true, [Array.from({ length: 500 }, (_, at) => `S${at}`), 'change'], [['S7'], 'read']],
  ])('waits: %s, when one holds %j and another wants %j', async (expected, held, wanted) => {
    expect(await waits(held, wanted)).toBe(expected);
  });

  it('systems named in any order never wait for each other crosswise', async () => {
    const systems = ['001', '395', 'R36', '5A1', '777'];
    const all = Array.from({ length: 60 }, (_, at) =>
      libs.em.fork({ clear: true, useContext: false }).transactional(async (em) => {
        await holdRouting(em, at % 2 ? systems : [...systems].reverse(), at % 3 ? 'change' : 'read');
      }),
    );
    await expect(Promise.all(all)).resolves.toHaveLength(60);
  });
});
