import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EntityManager } from '@mikro-orm/postgresql';
import { newId, sha256 } from '#kernel';
import { RegisterChange } from './register-change.js';
import type { RegisterFile } from './register-file.js';
import type { RegisterInput, RegisterPlan } from './register-plan.js';
import { countDeeds, type RegisterSteps } from './register-state.js';
import { planText } from './register-words.js';

/** What a change keeps of its file. */
export type KeptRows = Pick<RegisterInput, 'rows' | 'gone' | 'complete'>;

/** What is stored packed with a change. */
export interface ChangeContent {
  file: KeptRows;
  /** What is left to do, as it was previewed. */
  plan: RegisterSteps & { covered: number };
  /** What was applied so far. */
  done: RegisterSteps;
}

const level = 1; // a country in a third of a second; more effort saves little

export const pack = (content: ChangeContent): Buffer => deflateRawSync(JSON.stringify(content), { level });
export const unpack = (change: RegisterChange): ChangeContent =>
  JSON.parse(inflateRawSync(change.content).toString('utf8')) as ChangeContent;

export const planHash = (steps: RegisterSteps): string => sha256(planText(steps));

/** What is left of a plan, as the row of a change has it. */
export const leftOf = (plan: RegisterSteps): Pick<RegisterChange, 'counts' | 'planHash'> => ({
  counts: { systems: countDeeds(plan.systems), sites: countDeeds(plan.sites) },
  planHash: planHash(plan),
});

/** Nobody has confirmed it yet. */
export const unconfirmed = { confirmedBy: null, confirmedAt: null, confirmedOnly: null } as const;

/**
 * Keeps a previewed file; the same file for the same day is the same change while it waits. Where the register moved on
 * since, its plan is the new one, and a first person's word is void. The caller holds the register.
 * @param by an account's id, or `operator`
 */
export async function keepChange(
  em: EntityManager,
  {
    file,
    plan,
    effectiveDay,
    by,
    now,
  }: {
    file: RegisterFile;
    plan: RegisterPlan;
    effectiveDay: string;
    by: string;
    now: Date;
  },
): Promise<RegisterChange> {
  const { rows, gone, complete } = file;
  const { systems, sites, covered } = plan;
  const left = leftOf(plan);
  const open = await em.findOne(RegisterChange, {
    sha256: file.sha256,
    source: file.source.code,
    effectiveDay,
    status: { $in: ['previewed', 'waits-for-second'] },
  });
  if (open?.planHash === left.planHash) return open;
  const done = open ? unpack(open).done : { systems: [], sites: [] };
  const content = pack({ file: { rows, gone, complete }, plan: { systems, sites, covered }, done });
  const change =
    open ??
    em.create(RegisterChange, {
      id: newId(),
      sha256: file.sha256,
      fileName: file.name,
      source: file.source.code,
      effectiveDay,
      status: 'previewed',
      rows: rows.length,
      ...left,
      content,
      madeBy: by,
      madeAt: now,
      appliedRows: 0,
      closedSites: 0,
    });
  if (open) em.assign(change, { ...left, content, status: 'previewed', ...unconfirmed });
  await em.flush();
  return change;
}
