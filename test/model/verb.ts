import type { Real } from './real.js';
import type { World } from './world.js';

/** Takes choices out of a number, one after the other. */
export type Choose = <Item>(items: readonly Item[]) => Item | undefined;

export function chooser(number: number): Choose {
  let rest = number;
  return (items) => {
    if (!items.length) return undefined;
    const at = rest % items.length;
    rest = Math.floor(rest / items.length);
    return items[at];
  };
}

/** One thing people do, three times told. */
export interface Verb<Args> {
  /** What exactly is done, in a world as it is seen; undefined when there is nothing to do it with. */
  draw(world: World, choose: Choose): Args | undefined;
  /**
   * What must come of it. Changes the world only where it answers `done`.
   * @param name of what it makes
   * @returns `done`, or the code of the problem it is refused with
   */
  model(world: World, args: Args, name: string): string;
  /** Does it. Refused, it throws. */
  act(real: Real, args: Args, name: string): Promise<unknown>;
  /** Never together with others. */
  alone?: true;
}

/** A verb of any arguments; what was drawn goes to its own `model` and `act` only. */
export const verb = <Args>(one: Verb<Args>): Verb<never> => one as Verb<never>;

/** All that match, by name. */
export const namesOf = <Thing>(
  things: Record<string, Thing>,
  matches: (thing: Thing) => boolean = () => true,
): string[] => Object.keys(things).filter((name) => matches(things[name]!));
