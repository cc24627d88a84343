import { kindNames } from './kinds.js';
import type { Location } from './location.js';
import { locationKey } from './location.js';
import { deedsOf, type PlaceDeed, type RegisterSteps, type SiteState, type Step } from './register-state.js';

/** A step with where it is. */
export type PlacedStep = Location & { key: string; step: Step };

/** All steps of a plan: systems first, then sites, by code. */
export function placedSteps({ systems, sites }: RegisterSteps): PlacedStep[] {
  const of = (level: Location['level'], steps: Step[]): PlacedStep[] =>
    steps
      .map((step) => ({ level, code: step.after.code, key: locationKey({ level, code: step.after.code }), step }))
      .sort((one, other) => (one.code < other.code ? -1 : 1));
  return [...of('system', systems), ...of('site', sites)];
}

/**
 * What happens to a place, one phrase for each deed: 'was called "Oak School"', 'moves from 395 Algiers to R36 Orleans'.
 * @param systemName the name of a system by its code, or the code
 */
export function stepWords(step: Step, systemName: (code: string) => string): string[] {
  const before = step.before as SiteState | undefined;
  const after = step.after as SiteState;
  const words: Record<PlaceDeed, () => string> = {
    new: () => (after.systemCode ? `new, in ${systemName(after.systemCode)}` : 'new'),
    reopened: () => 'opens again',
    renamed: () => `was called ${JSON.stringify(before!.name)}`,
    moved: () => `moves from ${systemName(before!.systemCode)} to ${systemName(after.systemCode)}`,
    served: () => (after.serving ? `served by ${systemName(after.serving)}` : 'served by nobody any more'),
    changed: () =>
      [
        before!.kind !== after.kind && `${kindNames[before!.kind]} becomes ${kindNames[after.kind]}`,
        before!.federalCode !== after.federalCode && `federal code ${after.federalCode ?? 'no more'}`,
      ]
        .filter(Boolean)
        .join(', '),
    gone: () => 'closes',
  };
  return deedsOf(step).map((deed) => words[deed]());
}

/** A step as a text that is the same whenever the step is. */
const fingerprint = ({ before, after }: Step): string =>
  JSON.stringify(
    [before as SiteState | undefined, after as SiteState].map(
      (place) =>
        place && [
          place.name,
          place.kind,
          place.open,
          place.systemCode,
          place.federalCode ?? null,
          place.serving ?? null,
        ],
    ),
  );

/** A plan as one text to hash. */
export const planText = (steps: RegisterSteps): string =>
  placedSteps(steps)
    .map(({ key, step }) => `${key} ${fingerprint(step)}`)
    .join('\n');

/** How a plan differs from the one that somebody saw, a line for each place. */
export function planDifferences(seen: RegisterSteps, now: RegisterSteps): string[] {
  const code = (one: string): string => one;
  const words = ({ level, code: at, step }: PlacedStep): string =>
    `${level} ${at} ${JSON.stringify(step.after.name)} ${stepWords(step, code).join(', ')}`;
  const before = new Map(placedSteps(seen).map((one) => [one.key, one]));
  const after = new Map(placedSteps(now).map((one) => [one.key, one]));
  return [
    ...[...before.values()].filter(({ key }) => !after.has(key)).map((one) => `no longer to do: ${words(one)}`),
    ...[...after.values()].flatMap((one) => {
      const old = before.get(one.key);
      if (!old) return [`to do now: ${words(one)}`];
      return fingerprint(old.step) === fingerprint(one.step) ? [] : [`differs now: ${words(one)}`];
    }),
  ];
}
