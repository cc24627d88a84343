import { days, localDay, newId } from '#kernel';
import { RequestQueries, RequestsModule, RequestsService } from '#requests';
import { createWorker, type MailWorker } from '../../apps/jobs/src/create-worker.js';
import { MovableClock } from '../support/clock.js';
import { startLibs, type TestLibs } from '../support/libs.js';
import { aCoordinator, aSite, aStateOfficer, aSystem, aTeacher } from '../support/people.js';

describe('the worker lets requests follow the days and their time', () => {
  const clock = new MovableClock();
  let libs: TestLibs;
  let worker: MailWorker;
  beforeAll(async () => {
    libs = await startLibs([RequestsModule], { clock });
    worker = await createWorker(libs.settings, { clock });
  });
  afterAll(async () => {
    await worker?.stop();
    await libs?.close();
  });

  it('AC-6 what waits for a coordinator whose time ends goes on with the first look of the new day', async () => {
    const system = await aSystem(libs.em);
    const school = await aSite(libs.em, system);
    await aStateOfficer(libs.em);
    await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Fay' });
    const toDay = localDay(new Date(Date.now() + days(1)));
    await aCoordinator(libs.em, { reach: 'site', system, sites: [school], firstName: 'Ned', toDay });
    const teacher = await aTeacher(libs.em);
    const { id } = await libs.app.get(RequestsService).submit(teacher.actor, {
      wishes: [
        {
          application: 'ser',
          role: 'ser-data',
          permissions: ['ser-data-reader'],
          location: { level: 'site', code: school },
        },
      ],
      formKey: newId(),
    });
    const decider = async (): Promise<string> =>
      (await libs.app.get(RequestQueries).view(teacher.actor, id)).lines[0]!.deciders[0]!.name;

    await worker.look();
    expect(await decider()).toBe('Ned Reyes');
    await libs.em.execute(`update message set state = 'sent', sent_at = now()`);
    clock.advance(days(1));
    await worker.look();
    expect(await decider()).toBe('Fay Reyes');
    clock.advance(days(30));
    await worker.look();
    const { lines } = await libs.app.get(RequestQueries).view(teacher.actor, id);
    expect(lines).toMatchObject([{ status: 'expired' }]);
  });
});
