import { newId } from '#kernel';
import { RequestProposals } from '#requests';
import { asked, wishes } from './asking.js';
import { namesOf, type Verb, verb } from './verb.js';
import { hasScope, mayDecide } from './who-decides.js';
import { isOpen, type ModelProposal, type ModelWish, type World } from './world.js';

interface Propose {
  by: string;
  person: string;
  wish: ModelWish;
}

const propose = verb<Propose>({
  draw: (world, choose) => {
    const [application, role, permissions] = choose(wishes)!;
    const place = choose(['A1', 'A2', 'A', 'B1'])!;
    const by = choose(['a1', 'a1', 'n1', 'a2', 'desk', 't1'])!;
    return { by, person: choose(['t1', 't2', 't2', 'n1'])!, wish: { application, role, permissions, place } };
  },
  model: (world, { by, person, wish }, name) => {
    if (!world.people[by]!.open) return 'requests.not-linked';
    if (by === person) return 'requests.own-request';
    const { application, place } = wish;
    const works = world.people[person]!.employedAt;
    if (works === undefined || !hasScope(world, by, [person], { application, place: works }))
      return 'requests.not-enterable';
    if (!isOpen(world, place)) return 'sites.closed';
    if (!mayDecide(world, by, [person], wish))
      return hasScope(world, by, [person], wish) ? 'coordinators.unsigned' : 'requests.not-enterable';
    world.proposals[name] = { by, person, wish, status: 'open' };
    return 'done';
  },
  act: async (real, { by, person, wish }, name) => {
    const form = { staffId: real.staffId(person), wishes: [real.wish(wish)], formKey: newId() };
    real.keep(`proposal ${name}`, await real.get(RequestProposals).propose(real.actor(by), form));
  },
});

interface Settle {
  by: string;
  proposal: string;
}

const settled = (
  mine: (proposal: ModelProposal) => string,
  status: ModelProposal['status'],
  { model, act }: Pick<Verb<Settle>, 'act'> & { model?: Verb<Settle>['model'] },
): Verb<never> =>
  verb<Settle>({
    draw: (world, choose) => {
      const open = namesOf(world.proposals, (one) => one.status === 'open');
      const proposal = choose([...open, ...open, ...namesOf(world.proposals)]);
      if (!proposal) return undefined;
      const own = mine(world.proposals[proposal]!);
      return { proposal, by: choose([own, own, own, own, 't1'])! };
    },
    model: (world, args, name) => {
      const proposal = world.proposals[args.proposal]!;
      if (mine(proposal) !== args.by || !world.people[args.by]!.open) return 'requests.not-found';
      if (proposal.status === status && model) return 'done';
      if (proposal.status !== 'open') return 'requests.answered';
      const outcome = model?.(world, args, name) ?? 'done';
      if (outcome === 'done') world.proposals[args.proposal]!.status = status;
      return outcome;
    },
    act,
  });

const confirm = settled(({ person }) => person, 'confirmed', {
  model: (world: World, { by, proposal }, name) => {
    const { wish, by: enteredBy } = world.proposals[proposal]!;
    return asked(world, name, { person: by, enteredBy, mayNarrow: false }, wish);
  },
  act: async (real, { by, proposal }, name) => {
    const { id } = await real.get(RequestProposals).confirm(real.actor(by), real.id(`proposal ${proposal}`));
    if (!real.knows(id)) await real.keepRequest(name, id);
  },
});

const decline = settled(({ person }) => person, 'declined', {
  act: (real, { by, proposal }) => real.get(RequestProposals).decline(real.actor(by), real.id(`proposal ${proposal}`)),
});

const takeBack = settled(({ by }) => by, 'withdrawn', {
  act: (real, { by, proposal }) => real.get(RequestProposals).withdraw(real.actor(by), real.id(`proposal ${proposal}`)),
});

/** What is entered on behalf of people, and what they make of it. */
export const proposalVerbs = { propose, confirm, decline, takeBack };
