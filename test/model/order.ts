import { believed, type Observed } from './observed.js';
import type { Verb } from './verb.js';
import type { World } from './world.js';

/** Something that was done, with what came of it and when. */
export interface Done {
  /** What it makes is called so. */
  name: string;
  verb: string;
  args: unknown;
  outcome: string;
  /** Milliseconds. */
  begun: number;
  over: number;
}

/**
 * Codes that say one thing to a person: who loses a race may be told of the state before or after the other, never that it
 * was done.
 */
const alike = [
  ['requests.not-found', 'requests.no-longer-yours', 'coordinators.unsigned'],
  ['requests.changed', 'requests.already-decided'],
  ['grants.not-found', 'grants.already-ended', 'coordinators.unsigned'],
  ['coordinators.not-found', 'coordinators.already-ended', 'coordinators.not-yours'],
  ['compliance.not-found', 'coordinators.unsigned'],
  ['requests.answered', 'requests.offer-over'],
];

const same = (one: string, other: string): boolean =>
  one === other || alike.some((codes) => codes.includes(one) && codes.includes(other));

/** One way things may have come one after the other. */
interface Way {
  world: World;
  order: string[];
}

/**
 * Every order of some deeds that explains all their outcomes and keeps to real time: what was over before another began
 * came before it.
 * @param alone each came by itself: the outcome is exactly the model's
 */
export function explanations(verbs: Record<string, Verb<never>>, world: World, deeds: Done[]): Way[] {
  const exact = deeds.length === 1;
  const go = (now: World, rest: Done[], order: string[]): Way[] => {
    if (!rest.length) return [{ world: now, order }];
    return rest
      .filter((next) => !rest.some((other) => other.over < next.begun))
      .flatMap((next) => {
        const then = structuredClone(now);
        const outcome = verbs[next.verb]!.model(then, next.args as never, next.name);
        const fits = exact ? outcome === next.outcome : same(outcome, next.outcome);
        if (!fits) return [];
        return go(
          outcome.includes('done') ? then : now,
          rest.filter((one) => one !== next),
          [...order, next.name],
        );
      });
  };
  return go(world, deeds, []);
}

/** The worlds that are as the tables say. */
export const matching = (ways: Way[], tables: Observed): Way[] =>
  ways.filter(({ world }) => differences(believed(world), tables).length === 0);

/** Where the model and the tables say different things. */
export function differences(model: Observed, tables: Observed): string[] {
  const keys = [...new Set([...Object.keys(model), ...Object.keys(tables)])].sort();
  return keys
    .filter((key) => model[key] !== tables[key])
    .map((key) => `${key}: the model says ${model[key]}, the tables ${tables[key]}`);
}
