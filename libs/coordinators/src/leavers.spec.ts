import { systemActor } from '#kernel';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aCoordinator, aStateOfficer, aSystem } from '../../../test/support/people.js';
import { CoordinatorsModule, Leavers } from './index.js';

describe('leavers', () => {
  let libs: TestLibs;

  beforeAll(async () => void (libs = await startLibs([CoordinatorsModule])));
  afterAll(() => libs?.close());

  it('CO-6 who remains alone after somebody left is told once, as is the state desk', async () => {
    const officer = await aStateOfficer(libs.em);
    const system = await aSystem(libs.em);
    const leaver = await aCoordinator(libs.em, { reach: 'system', system });
    const stays = await aCoordinator(libs.em, { reach: 'system', system });
    const elsewhere = await aSystem(libs.em);
    await aCoordinator(libs.em, { reach: 'system', system: elsewhere });
    const leave = { reason: 'Retired' };
    await libs.em.transactional(() => libs.app.get(Leavers).end(systemActor, leaver.staffMemberId, leave));
    await libs.em.transactional(() => libs.app.get(Leavers).end(systemActor, leaver.staffMemberId, leave));
    const told = await libs.em.execute<{ kind: string; recipient_id: string }[]>(
      `select kind, recipient_id from message where kind like 'coordinators.only-one%' order by kind`,
    );
    expect(told).toEqual([
      { kind: 'coordinators.only-one', recipient_id: stays.accountId },
      { kind: 'coordinators.only-one-left', recipient_id: officer.accountId },
    ]);
  });
});
