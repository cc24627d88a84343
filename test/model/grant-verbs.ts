import { GrantVerbs } from '#grants';
import type { SignedIn } from '#kernel';
import { laterDay } from './days.js';
import { type Choose, namesOf, type Verb, verb } from './verb.js';
import { hasScope, mayDecide } from './who-decides.js';
import type { ModelGrant, World } from './world.js';

interface OfGrant {
  by: string;
  grant: string;
}

const reason = 'No longer needed.';

/** Those who may, and grants in the state it takes, more often than others. */
function drawn(world: World, choose: Choose, state: ModelGrant['state'] = 'active'): OfGrant | undefined {
  const fit = namesOf(world.grants, (one) => one.state === state);
  const grant = choose([...fit, ...fit, ...namesOf(world.grants)]);
  if (!grant) return undefined;
  const { person } = world.grants[grant]!;
  return { grant, by: choose(['a1', 'desk', 'a2', 'a1', 'desk', 'n1', 'b1', person])! };
}

/** Why somebody may not change a grant of another. */
function refusal(world: World, by: string, grant: ModelGrant): string | undefined {
  if (!world.people[by]!.open) return 'grants.not-found';
  if (grant.person === by) return 'grants.own';
  if (mayDecide(world, by, [grant.person], grant)) return undefined;
  return hasScope(world, by, [grant.person], grant) ? 'coordinators.unsigned' : 'grants.not-found';
}

const governed = (
  change: (grant: ModelGrant) => string | undefined,
  act: (verbs: GrantVerbs, actor: SignedIn, id: string) => Promise<unknown>,
  state: ModelGrant['state'] = 'active',
): Verb<never> =>
  verb<OfGrant>({
    draw: (world, choose) => drawn(world, choose, state),
    model: (world, { by, grant: name }) => {
      const grant = world.grants[name]!;
      return (
        refusal(world, by, grant) ?? (grant.state === 'ended' ? 'grants.already-ended' : (change(grant) ?? 'done'))
      );
    },
    act: (real, { by, grant }) => act(real.get(GrantVerbs), real.actor(by), real.id(grant)),
  });

const revoke = governed(
  (grant) => void (grant.state = 'ended'),
  (verbs, actor, id) => verbs.revoke(actor, id, { reason }),
);

const suspend = governed(
  (grant) => (grant.state === 'suspended' ? 'grants.suspended' : void (grant.state = 'suspended')),
  (verbs, actor, id) => verbs.suspend(actor, id, { reason }),
);

const resume = governed(
  (grant) => (grant.state === 'active' ? 'grants.not-suspended' : void (grant.state = 'active')),
  (verbs, actor, id) => verbs.resume(actor, id),
  'suspended',
);

const giveUp = verb<OfGrant>({
  draw: (world, choose) => {
    const live = namesOf(world.grants, ({ state }) => state !== 'ended');
    const grant = choose([...live, ...live, ...namesOf(world.grants)]);
    return grant === undefined
      ? undefined
      : { grant, by: choose([world.grants[grant]!.person, world.grants[grant]!.person, 't1', 'a1'])! };
  },
  model: (world, { by, grant: name }) => {
    const grant = world.grants[name]!;
    if (grant.person !== by || !world.people[by]!.open) return 'grants.not-found';
    if (grant.state === 'ended') return 'grants.already-ended';
    grant.state = 'ended';
    return 'done';
  },
  act: (real, { by, grant }) => real.get(GrantVerbs).giveUp(real.actor(by), real.id(grant)),
});

/** What has an end goes on to a later one; what holds for good stays as it is. */
const renew = verb<OfGrant & { to: string }>({
  draw: (world, choose) => {
    const ending = namesOf(world.grants, ({ to, state }) => to !== undefined && state !== 'ended');
    const chosen = drawn(world, choose);
    if (chosen === undefined) return undefined;
    const grant = choose([...ending, ...ending, chosen.grant])!;
    return { ...chosen, grant, to: laterDay(world.day, choose([1, 5, 50])!) };
  },
  model: (world, { by, grant: name, to }) => {
    const grant = world.grants[name]!;
    const refused = refusal(world, by, grant);
    if (refused) return refused;
    if (grant.state === 'ended' || grant.to === undefined || to < grant.to) return 'stays';
    grant.to = to;
    return 'done';
  },
  act: async (real, { by, grant, to }) => {
    const [result] = await real.get(GrantVerbs).renewMany(real.actor(by), [real.id(grant)], to);
    return result!.renewed ? 'done' : 'stays';
  },
});

/** What people do with access that was given. */
export const grantVerbs = { revoke, suspend, resume, giveUp, renew };
