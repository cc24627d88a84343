import type { EntityManager } from '@mikro-orm/postgresql';
import { type Actor, readableDate } from '#kernel';
import { locationKey } from './location.js';
import { sitesProblems } from './problems.js';
import type { RegisterChange } from './register-change.js';
import {
  brokenAfter,
  countDeeds,
  deedsOf,
  registerAfter,
  type RegisterState,
  type RegisterSteps,
} from './register-state.js';
import { lastChange } from './register-store.js';
import { placedSteps } from './register-words.js';

/** Who has the command line counts as one person. */
export const actorKey = (actor: Actor): string => actor.accountId ?? 'operator';

/** More of the covered sites closing than this, and at least three, are for two persons to say (IM-5). */
export function needsSecond({ sites, covered }: RegisterSteps & { covered: number }, closedBefore = 0): boolean {
  const closing = countDeeds(sites).gone;
  const all = closing + closedBefore;
  return closing > 0 && all >= 3 && all > 0.05 * (covered + closedBefore);
}

/**
 * Whether somebody else said yes to exactly these rows before.
 * @param own all keys of the person who says yes now
 */
export const isSecond = (change: RegisterChange, own: string[], only: string[] | undefined): boolean =>
  !!change.confirmedBy && !own.includes(change.confirmedBy) && confirmsRows(change, only);

/** Whether the first person said yes to exactly these rows. */
export const confirmsRows = ({ confirmedOnly }: RegisterChange, only: string[] | undefined): boolean =>
  JSON.stringify(confirmedOnly ?? null) === JSON.stringify(only ? [...only].sort() : null);

/** Lines that a refusal lists. */
const some = (lines: string[]): string => `${lines.slice(0, 10).join('; ')}${lines.length > 10 ? '; and more' : ''}`;

/** @throws sites.register-moved-on when the plan is no longer the one that was seen */
export function checkSeen(change: RegisterChange, seenHash: string | undefined, differences: string[]): void {
  if (differences.length)
    throw sitesProblems.registerMovedOn(
      `The register changed since this was previewed. Look at the plan again, then apply it: ${some(differences)}.`,
    );
  if (seenHash !== undefined && seenHash !== change.planHash)
    throw sitesProblems.registerMovedOn(
      'Somebody changed what is left to apply. Look at the plan again, then apply it.',
    );
}

/**
 * The steps of the rows named, or all.
 * @throws sites.register-moved-on for a row that is not in the plan, sites.row-needs-others when none is named or they do not go alone
 */
export function chosenSteps(current: RegisterState, plan: RegisterSteps, only: string[] | undefined): RegisterSteps {
  if (!only) return plan;
  const known = new Set(placedSteps(plan).map(({ key }) => key));
  if (!only.length) throw sitesProblems.rowNeedsOthers('Choose at least one row of the plan.');
  const strange = only.filter((key) => !known.has(key));
  if (strange.length)
    throw sitesProblems.registerMovedOn(`These rows are no longer in the plan: ${some(strange)}. Look at it again.`);
  const wanted = new Set(only);
  const steps = {
    systems: plan.systems.filter(({ after }) => wanted.has(`system:${after.code}`)),
    sites: plan.sites.filter(({ after }) => wanted.has(`site:${after.code}`)),
  };
  checkAlone(current, plan, steps);
  return steps;
}

function checkAlone(current: RegisterState, plan: RegisterSteps, steps: RegisterSteps): void {
  const planned = new Set(placedSteps(plan).map(({ key }) => key));
  const chosen = new Set(placedSteps(steps).map(({ key }) => key));
  const before = new Set(brokenAfter(current).map(locationKey));
  const missing = brokenAfter(registerAfter(current, steps))
    .filter((broken) => !before.has(locationKey(broken)))
    .flatMap((broken) => [locationKey(broken), locationKey(broken.needs)])
    .filter((key) => planned.has(key) && !chosen.has(key));
  if (missing.length)
    throw sitesProblems.rowNeedsOthers(
      `Choose these rows as well, or leave out what needs them: ${some([...new Set(missing)].map((key) => key.replace(':', ' ')))}.`,
    );
}

/** History is written forward only. @throws sites.wrong-day when something later is known already */
export async function checkOrder(em: EntityManager, day: string, today: string): Promise<void> {
  const last = await lastChange(em, today);
  if (last && day < last)
    throw sitesProblems.wrongDay(
      `The register holds changes of ${last} already; preview the file again for that day or a later one. Nothing was changed.`,
    );
}

/** Systems in which something changed that may concern who decides: names and places that were not there before do not. */
export function touchedSystems({ systems, sites }: RegisterSteps): string[] {
  const concerns = (step: RegisterSteps['sites'][number] | RegisterSteps['systems'][number]): boolean =>
    deedsOf(step).some((deed) => deed !== 'new' && deed !== 'renamed');
  const codes = [
    ...systems.filter(concerns).map(({ after }) => after.code),
    ...sites
      .filter(concerns)
      .flatMap(({ before, after }) => [before?.systemCode, after.systemCode, before?.serving, after.serving]),
  ];
  return [...new Set(codes.filter((code) => code !== undefined))].sort();
}

/** The sentence that histories and mails show. */
export const causeOf = ({ effectiveDay }: RegisterChange): string =>
  `The register of schools changed as of ${readableDate(new Date(`${effectiveDay}T12:00:00-06:00`))}.`;
