import type { EntityManager } from '@mikro-orm/postgresql';
import { batches, newId } from '#kernel';
import type { FoundDisagreement, Settled } from './register-differences.js';

/** What was settled for another source, and the value the register had then; its own file changes it back no more. */
export async function readSettled(em: EntityManager): Promise<Settled> {
  const rows = await em.execute<{ key: string; value: string }[]>(
    `select level || ':' || code || ':' || field as key, register_value as value from register_disagreement
     where outcome = 'source' and register_value is not null order by settled_at`,
  );
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/** A found disagreement as a row of SQL, and how to find it again. */
const found = `json_to_recordset(?::json) as found (id text, level text, code text, field text, "registerValue" text, "sourceValue" text, "sourceLabel" text)`;
const same = `(was.level, was.code, was.field) = (found.level, found.code, found.field)`;

/**
 * Keeps what a source says otherwise: new ones are asked, known ones were seen again, those it no longer says are agreed.
 * What was settled for the register is not asked again while both say the same.
 * @param complete whether the source told all it has to say
 * @returns how many are new
 */
export async function recordDisagreements(
  em: EntityManager,
  {
    source,
    disagreements,
    complete,
    now,
    day,
  }: {
    source: string;
    disagreements: FoundDisagreement[];
    complete: boolean;
    now: Date;
    day: string;
  },
): Promise<number> {
  let added = 0;
  for (const batch of batches(disagreements)) {
    const rows = JSON.stringify(batch.map((one) => ({ id: newId(), ...one })));
    await em.execute(
      `update register_disagreement was set last_seen = ?::date,
         register_value = found."registerValue", source_value = found."sourceValue", source_label = found."sourceLabel"
       from ${found} where was.source = ? and ${same} and (was.settled_at is null
         or (was.outcome = 'register' and was.source_value is not distinct from found."sourceValue" and was.register_value is not distinct from found."registerValue"))`,
      [day, rows, source],
    );
    const inserted = await em.execute<unknown[]>(
      `insert into register_disagreement (id, level, code, field, source, register_value, source_value, source_label, first_seen, last_seen)
       select id::uuid, level, code, field, ?, "registerValue", "sourceValue", "sourceLabel", ?::date, ?::date from ${found}
       where not exists (select 1 from register_disagreement was where was.source = ? and ${same} and (was.settled_at is null
         or (was.outcome = 'register' and was.source_value is not distinct from found."sourceValue" and was.register_value is not distinct from found."registerValue")))
       returning 1`,
      [source, day, day, rows, source],
    );
    added += inserted.length;
  }
  if (complete)
    await em.execute(
      `update register_disagreement was set settled_at = ?, outcome = 'agreed'
       where source = ? and settled_at is null
         and not exists (select 1 from ${found} where ${same})`,
      [now, source, JSON.stringify(disagreements)],
    );
  return added;
}
