import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { TestingModule } from '@nestjs/testing';
import { localDay } from '#kernel';
import { Rerouting } from '#requests';
import { accessInvariants } from './access-invariants.js';
import { peopleInvariants } from './people-invariants.js';

/** Every invariant but I6 (the sealed audit log) and I10, which is about answers: who got one compares it with the tables. */
const invariants = { ...accessInvariants, ...peopleInvariants };

/**
 * Which invariants are broken, each with up to five ids. Run after every race and every fault. Empty is good:
 * `expect(await brokenInvariants(em)).toEqual([])`.
 * @param but the beginnings of names that a spec of a lower lib cannot hold: `I1` where grants come from no request
 * @param at the moment, where a test moved its clock
 */
export async function brokenInvariants(
  em: EntityManager,
  { but = [], at }: { but?: string[]; at?: Date } = {},
): Promise<string[]> {
  const broken: string[] = [];
  await em.fork().transactional(async (reading) => {
    await reading.execute(`set local statement_timeout = '60s'`); // a long model run leaves thousands of requests
    for (const [name, sql] of Object.entries(invariants)) {
      if (but.some((one) => name.startsWith(`${one} `))) continue;
      const asked = at ? sql.replaceAll('now()', `'${at.toISOString()}'::timestamptz`) : sql;
      const rows = await reading.execute<{ id: string }[]>(`${asked} limit 5`);
      if (rows.length) broken.push(`${name}: ${rows.map((row) => row.id).join(', ')}`);
    }
  });
  return broken;
}

/**
 * Open lines that do not wait for whom they belong to now, each told in words. Empty is good. Only for specs that change who
 * decides by the verbs: what is written straight into the tables is followed by nobody.
 */
export async function strayLines(app: TestingModule, day = localDay(new Date())): Promise<string[]> {
  const em = app.get(MikroORM).em as EntityManager;
  const rows = await em.execute<{ id: string; desk: boolean; deciders: string[] }[]>(
    `select l.id, l.state_desk as desk, array(select d.staff_member_id || ' ' || d.coordinator_id || ' ' || coalesce(d.cover_id::text, '')
       from request_decider d where d.line_id = l.id order by 1) as deciders
     from request_line l where l.status = 'pending'`,
  );
  const now = await app.get(Rerouting, { strict: false }).forecast('everywhere', day);
  const due = new Map(
    now.map(({ lineId, stateDesk, deciders }) => [
      lineId,
      `${stateDesk}: ${deciders
        .map((one) => `${one.staffMemberId} ${one.coordinatorId} ${one.coverId ?? ''}`)
        .sort()
        .join()}`,
    ]),
  );
  return rows
    .map(({ id, desk, deciders }) => ({ id, kept: `${desk}: ${deciders.sort().join()}` }))
    .filter(({ id, kept }) => due.get(id) !== kept)
    .map(({ id, kept }) => `line ${id} waits for ${kept}, belongs to ${due.get(id)}`);
}
