import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ComplianceModule, Departures } from '#compliance';
import { days, localDay, systemActor } from '#kernel';
import { createWorker, type MailWorker } from '../../apps/jobs/src/create-worker.js';
import { MovableClock } from '../support/clock.js';
import { runCommand } from '../support/commands.js';
import { startLibs, type TestLibs } from '../support/libs.js';
import { aCoordinator, aSite, aSystem, aTeacher, type TestPerson } from '../support/people.js';

describe('access of people who leave', () => {
  const clock = new MovableClock();
  const folder = mkdtempSync(join(tmpdir(), 'edlink-departures-'));
  let libs: TestLibs;
  let worker: MailWorker;
  let system: string;
  let school: string;

  beforeAll(async () => {
    libs = await startLibs([ComplianceModule], { clock });
    worker = await createWorker(libs.settings, { clock });
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system);
  });
  afterAll(async () => {
    await worker?.stop();
    await libs?.close();
    rmSync(folder, { recursive: true });
  });

  const inOffice = async ({ staffMemberId }: TestPerson): Promise<number> =>
    (
      await libs.em.execute<unknown[]>(`select 1 from coordinator where staff_member_id = ? and ended_at is null`, [
        staffMemberId,
      ])
    ).length;
  const employed = async (who: TestPerson): Promise<void> => {
    await libs.em.execute(
      `insert into employment (id, staff_member_id, site_code, position, from_day) values (gen_random_uuid(), ?, ?, 'Counselor', '2020-08-01')`,
      [who.staffMemberId, school],
    );
  };
  const staffFile = (name: string, people: TestPerson[]): string => {
    const path = join(folder, name);
    const rows = people.map(
      (one) => `${one.staffId},${one.lastName},${one.firstName},,,${school},Counselor,2020-08-01,2026-01-31\n`,
    );
    writeFileSync(
      path,
      `staff_id,last_name,first_name,middle_name,birth_date,site_code,position,from,to\n${rows.join('')}`,
    );
    return path;
  };

  it('ends with the first look of the worker on the day', async () => {
    const person = await aCoordinator(libs.em, { reach: 'system', system });
    await employed(person);
    const day = localDay(new Date(clock.now().getTime() + days(1)));
    await libs.app.get(Departures).end(systemActor, person.staffMemberId, { day, reason: 'Retires.' });
    await worker.look();
    expect(await inOffice(person)).toBe(1);
    clock.advance(days(1));
    await worker.look();
    expect(await inOffice(person)).toBe(0);
    clock.advance(-days(1));
  });

  it('ends with import-staff; what would end many is not written, and the command says what to do', async () => {
    const person = await aCoordinator(libs.em, { reach: 'system', system });
    await employed(person);
    const one = await runCommand(libs.settings, ['import-staff', staffFile('one.csv', [person]), '--apply']);
    expect(one.code).toBe(0);
    expect(one.out).toContain('1 people lose their last employment');
    expect(one.out).toContain('Access ended: 1 people.');
    expect(await inOffice(person)).toBe(0);

    const many: TestPerson[] = [];
    for (let at = 0; at < 3; at++) many.push(await aTeacher(libs.em));
    for (const each of many) await employed(each);
    const held = await runCommand(libs.settings, ['import-staff', staffFile('many.csv', many), '--apply']);
    expect(held.out).toContain('the state office confirms the file in the portal');
    expect(held.out).toContain('Nothing was written.');
    const ended = await libs.em.execute(`select 1 from employment where to_day is not null and staff_member_id = ?`, [
      many[0]!.staffMemberId,
    ]);
    expect(ended).toEqual([]);
  });
});
