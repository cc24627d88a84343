import { partsOf, stepAddress, wishOf } from './wish.js';

describe('the address of a step', () => {
  it('reads what eSER links with', () => {
    expect(
      wishOf({
        application: 'ser-iep-form',
        role: 'iep-form',
        permission: 'iep-form-writer',
        level: 'site',
        code: '001005',
      }),
    ).toMatchObject({
      application: 'ser-iep-form',
      role: 'iep-form',
      permissions: ['iep-form-writer'],
      location: { level: 'site', code: '001005' },
    });
  });

  it('goes round', () => {
    const wish = {
      application: 'ser',
      location: { level: 'system' as const, code: '001' },
      role: 'ser-data',
      permissions: ['ser-data-reader', 'ser-data-writer'],
    };
    const query = Object.fromEntries(
      [...new URL(stepAddress(wish), 'http://x').searchParams.keys()].map((name) => [
        name,
        name === 'permission' ? wish.permissions : new URL(stepAddress(wish), 'http://x').searchParams.get(name),
      ]),
    );
    expect(wishOf(query)).toMatchObject(wish);
    expect(partsOf(wish)).toHaveLength(6);
  });

  it('IN-2 refuses a parameter that comes twice; several permissions may', () => {
    expect(() => wishOf({ application: ['ser', 'canopy'] })).toThrow('kernel.bad-input');
    expect(wishOf({ permission: ['a', 'b', 'a', ''] }).permissions).toEqual(['a', 'b']);
  });

  it('takes no level it does not know', () => expect(wishOf({ level: 'state', code: 'LA' }).location).toBeUndefined());
});
