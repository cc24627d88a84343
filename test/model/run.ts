import { Problem } from '#kernel';
import { answerVerbs } from './answer-verbs.js';
import { dutyVerbs } from './duty-verbs.js';
import { grantVerbs } from './grant-verbs.js';
import { believed, observed } from './observed.js';
import { type Done, differences, explanations, matching } from './order.js';
import { peopleVerbs } from './people-verbs.js';
import { placeVerbs } from './place-verbs.js';
import { proposalVerbs } from './proposal-verbs.js';
import type { Real } from './real.js';
import { requestVerbs } from './request-verbs.js';
import { chooser, type Verb } from './verb.js';
import type { World } from './world.js';

export const verbs: Record<string, Verb<never>> = {
  ...answerVerbs,
  ...requestVerbs,
  ...grantVerbs,
  ...dutyVerbs,
  ...peopleVerbs,
  ...placeVerbs,
  ...proposalVerbs,
};

/** Something to do, before it is known with what. */
export interface Intent {
  verb: string;
  /** All choices are taken out of it. */
  number: number;
  /** Begins with the one before. */
  together: boolean;
  /** Waits so many milliseconds before it begins. */
  delay: number;
}

/** How many may act at once. */
const mostTogether = 4;

/** Intents that begin at once. */
export function batched(intents: Intent[]): Intent[][] {
  const batches: Intent[][] = [];
  for (const intent of intents) {
    const last = batches.at(-1);
    const alone = [...(last ?? []), intent].some(({ verb }) => verbs[verb]!.alone);
    if (!last || !intent.together || alone || last.length >= mostTogether) batches.push([intent]);
    else last.push(intent);
  }
  return batches;
}

/** How often each verb came to what, over all stories: a model that is always refused proves little. */
export const outcomes: Record<string, Record<string, number>> = {};

/** What was done and what came of it, to read when something is wrong. */
export class ModelRun {
  readonly lines: string[] = [];
  private made = 0;

  constructor(
    private readonly real: Real,
    private world: World,
  ) {}

  /** Does some things at once, and finds the orders that explain what came of it. @throws when there is none */
  async together(intents: Intent[]): Promise<void> {
    const drawn = intents.flatMap(({ verb, number, delay }) => {
      const args = verbs[verb]!.draw(this.world, chooser(number));
      return args === undefined ? [] : [{ verb, args: args as unknown, name: String(++this.made), delay }];
    });
    await this.do(drawn);
  }

  /** Does one thing that is chosen already and must be done, before anything is looked at. */
  async first(name: string, verb: string, args: unknown): Promise<void> {
    const { outcome } = await this.act({ name, verb, args, delay: 0 });
    const wanted = verbs[verb]!.model(this.world, args as never, name);
    if (outcome !== 'done' || wanted !== 'done')
      throw new Error(`${verb} ${JSON.stringify(args)}: ${outcome}, ${wanted}`);
    if (verb === 'decide') await this.real.keepFruits();
  }

  /** As `together`, for things that are chosen already. */
  async do(drawn: { verb: string; args: unknown; name: string; delay: number }[]): Promise<Done[]> {
    const deeds = await Promise.all(drawn.map((one) => this.act(one)));
    this.lines.push(
      deeds
        .map(({ name, verb, args, outcome }) => `${name} ${verb} ${JSON.stringify(args)} -> ${outcome}`)
        .join('\n  | '),
    );
    const ways = explanations(verbs, this.world, deeds);
    const tables = await observed(this.real);
    const [fits] = matching(ways, tables);
    if (!fits) throw new Error(this.fault(deeds, ways, tables));
    this.world = fits.world;
    return deeds;
  }

  private async act({
    verb,
    args,
    name,
    delay,
  }: {
    verb: string;
    args: unknown;
    name: string;
    delay: number;
  }): Promise<Done> {
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
    const begun = performance.now();
    const outcome = await verbs[verb]!.act(this.real, args as never, name).then(
      (told) => (typeof told === 'string' ? told : 'done'),
      (fault: unknown) => (fault instanceof Problem ? fault.code : `fault: ${(fault as Error).stack}`),
    );
    const over = performance.now();
    const known = (outcomes[verb] ??= {});
    known[outcome] = (known[outcome] ?? 0) + 1;
    return { name, verb, args, outcome, begun, over };
  }

  private fault(deeds: Done[], ways: { world: World; order: string[] }[], tables: Record<string, string>): string {
    const told = ways.length
      ? ways.map(
          ({ world, order }) => `in the order ${order.join()}: ${differences(believed(world), tables).join('; ')}`,
        )
      : deeds.map((deed) => {
          const outcome = verbs[deed.verb]!.model(structuredClone(this.world), deed.args as never, deed.name);
          return `${deed.name} ${deed.verb}: the model says ${outcome} when it comes first`;
        });
    return `no order explains it\n${this.lines.slice(-12).join('\n')}\n${told.join('\n')}`;
  }
}
