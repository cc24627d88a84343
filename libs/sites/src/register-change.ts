import { defineEntity, p } from '@mikro-orm/core';
import type { Location } from './location.js';
import type { RegisterField } from './register-sources.js';
import type { PlaceDeed } from './register-state.js';

/** Where a change stands; the last two are ends. */
export type RegisterChangeStatus = 'previewed' | 'waits-for-second' | 'applied' | 'dropped';

const registerChange = defineEntity({
  name: 'RegisterChange',
  tableName: 'register_change',
  properties: {
    id: p.uuid().primary(),
    /** Of the file, or of the files' sums where there are several. */
    sha256: p.text(),
    fileName: p.text(),
    source: p.text(),
    effectiveDay: p.date(),
    status: p.text().$type<RegisterChangeStatus>(),
    rows: p.integer(),
    /** What is left to apply: how many systems and sites each deed touches. */
    counts: p.json().$type<Record<'systems' | 'sites', Record<PlaceDeed, number>>>(),
    planHash: p.text(),
    /** Deflated JSON of the file's rows and of the plan. */
    content: p.blob(),
    /** An account's id, or `operator`. */
    madeBy: p.text(),
    madeAt: p.datetime(),
    /** The first of two persons, where two are needed. */
    confirmedBy: p.text().nullable(),
    confirmedAt: p.datetime().nullable(),
    /** Keys of the rows that the first person said yes to; null: all. */
    confirmedOnly: p.json().$type<string[]>().nullable(),
    appliedBy: p.text().nullable(),
    appliedAt: p.datetime().nullable(),
    appliedRows: p.integer(),
    /** How many sites this change closed so far. */
    closedSites: p.integer(),
  },
  uniques: [
    {
      name: 'register_change_open_unique',
      properties: ['sha256', 'source', 'effectiveDay'],
      where: `status in ('previewed', 'waits-for-second')`,
    },
  ],
  indexes: [{ name: 'register_change_made_index', properties: ['madeAt'] }],
});

/** A register file that was previewed, and what became of it (IM-3). */
export class RegisterChange extends registerChange.class {}
registerChange.setClass(RegisterChange);

const registerDisagreement = defineEntity({
  name: 'RegisterDisagreement',
  tableName: 'register_disagreement',
  properties: {
    id: p.uuid().primary(),
    level: p.text().$type<Location['level']>(),
    code: p.text(),
    field: p.text().$type<RegisterField>(),
    source: p.text(),
    registerValue: p.text().nullable(),
    sourceValue: p.text().nullable(),
    /** What the source calls its value: the name of the system it names as parent. */
    sourceLabel: p.text().nullable(),
    firstSeen: p.date(),
    lastSeen: p.date(),
    settledAt: p.datetime().nullable(),
    settledBy: p.text().nullable(),
    /** Who was right; `agreed`: the source says what the register says by now. */
    outcome: p.text().$type<'register' | 'source' | 'agreed'>().nullable(),
    note: p.text().nullable(),
  },
  uniques: [
    {
      name: 'register_disagreement_open_unique',
      properties: ['level', 'code', 'field', 'source'],
      where: 'settled_at is null',
    },
  ],
  indexes: [{ name: 'register_disagreement_place_index', properties: ['level', 'code'] }],
});

/** What a source says otherwise than the register, in a field that the source does not decide. */
export class RegisterDisagreement extends registerDisagreement.class {}
registerDisagreement.setClass(RegisterDisagreement);
