import { type Location, SitesService } from '#sites';
import { aSite, aSystem, aTeacher } from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';
import { PlaceAdvisor } from './index.js';

describe('advice about the place, before anything is asked for', () => {
  const office = RequestOffice.inSpec();
  const advice = (code: string, level: 'site' | 'system' = 'site', application = 'ser', actor = office.teacher.actor) =>
    office.libs.app.get(PlaceAdvisor).placeAdvice(actor, { application, location: { level, code } });
  const serve = (site: string, system: string) =>
    office.libs.em.execute(
      `insert into site_serving (id, site_code, system_code, from_day) values (gen_random_uuid(), ?, ?, '2020-07-01')`,
      [site, system],
    );

  it('is silent where the person works, and for the system of that place', async () => {
    expect(await advice(office.school)).toEqual({});
    expect(await advice(office.system, 'system')).toEqual({});
    expect(await advice(office.school, 'site', 'ser', (await aTeacher(office.libs.em)).actor)).toEqual({});
  });

  it('says where the person works when the place is another', async () => {
    const other = await aSite(office.libs.em, await aSystem(office.libs.em));
    expect(await advice(other)).toEqual({ employedAt: ['Cypress Bend High'] });
    expect(await advice(await aSite(office.libs.em, office.system))).toEqual({ employedAt: ['Cypress Bend High'] });
  });

  it.each(['nonpublic', 'early-childhood'])(
    'a %s site comes with the school system that serves it, for who works for that system',
    async (kind) => {
      const owner = await aSystem(office.libs.em, { kind });
      const site = await aSite(office.libs.em, owner, { kind });
      expect(await advice(site)).toEqual({ employedAt: ['Cypress Bend High'] });
      await serve(site, office.system);
      expect(await advice(site)).toMatchObject({
        comesWith: { level: 'system', code: office.system, name: 'Acadia Parish' },
      });
      // Not for who works elsewhere, and not where the application knows no served sites.
      const stranger = await aTeacher(office.libs.em, {
        site: await aSite(office.libs.em, await aSystem(office.libs.em)),
      });
      expect(await advice(site, 'site', 'ser', stranger.actor)).not.toHaveProperty('comesWith');
      const employee = await aTeacher(office.libs.em, { site });
      expect(await advice(site, 'site', 'ser', employee.actor)).toEqual({});
    },
  );

  it('of several places says of each what it says of one, and that it comes with the system where that is so for all', async () => {
    const site = await aSite(office.libs.em, await aSystem(office.libs.em, { kind: 'nonpublic' }), {
      kind: 'nonpublic',
    });
    await serve(site, office.system);
    const places = [...(await office.libs.app.get(SitesService).placeMany([site, office.school].map(atSite))).values()];
    const of = (applications: string[]) =>
      office.libs.app.get(PlaceAdvisor).placesAdvice(office.teacher.actor, applications, places);
    expect(await of(['ser', 'ser-iep-form'])).toEqual([await advice(site), {}]);
    expect(await of(['ser', 'canopy'])).toEqual([{ employedAt: ['Cypress Bend High'] }, {}]);
  });
});

const atSite = (code: string): Location => ({ level: 'site', code });
