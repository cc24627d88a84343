import { LineOffers, RequestQuestions } from '#requests';
import { deciderRefusal, endingWith, ungrantable } from './deciding.js';
import { giving } from './giving.js';
import { namesOf, verb } from './verb.js';
import type { ModelLine, World } from './world.js';

/** The request and the line of an offer such as `3.0@2`. */
function lineOf(world: World, offer: string): { request: string; at: number; line: ModelLine } {
  const [request, at] = offer.split('@')[0]!.split('.') as [string, string];
  return { request, at: Number(at), line: world.requests[request]!.lines[Number(at)]! };
}

interface AnswerOffer {
  by: string;
  offer: string;
  accept: boolean;
  /** The grants that were seen to end with it. */
  ends: string[];
}

const answerOffer = verb<AnswerOffer>({
  draw: (world, choose) => {
    const open = namesOf(world.offers, ({ answer }) => answer === undefined);
    const offer = choose([...open, ...open, ...open, ...namesOf(world.offers)]);
    if (!offer) return undefined;
    const { request, at } = lineOf(world, offer);
    const own = world.requests[request]!.person;
    const by = choose([own, own, own, own, 't2'])!;
    return { by, offer, accept: choose([true, true, false])!, ends: endingWith(world, request, at) };
  },
  model: (world, { by, offer: name, accept, ends }) => {
    const { request: asked, at, line } = lineOf(world, name);
    const request = world.requests[asked]!;
    const offer = world.offers[name]!;
    if (request.person !== by) return 'requests.not-found';
    if (accept && deciderRefusal(world, offer.by, asked, [line])) return 'requests.offer-over';
    if (offer.answer === 'accepted' || offer.answer === 'declined') return 'requests.answered';
    if (line.status !== 'pending' || offer.answer) return 'requests.offer-over';
    if (!accept) {
      offer.answer = 'declined';
      delete line.offer;
      return 'done';
    }
    const refused = ungrantable(world, request, [line]);
    if (refused) return refused;
    const next = structuredClone(world);
    const { line: taken } = lineOf(next, name);
    const version = ++next.requests[asked]!.version;
    Object.assign(taken, { status: 'approved', settled: version, decidedBy: offer.by });
    next.offers[name]!.answer = 'accepted';
    const ungiven = giving(next, asked, at, { narrow: true, seen: ends });
    if (ungiven) return ungiven;
    Object.assign(world, next);
    return 'done';
  },
  act: (real, { by, offer, accept, ends }) => {
    const answer = { offerId: real.id(`offer ${offer}`), accept, ends: ends.map((name) => real.id(name)) };
    return real.get(LineOffers).answer(real.actor(by), real.id(offer.split('.')[0]!), answer);
  },
});

const ask = verb<{ by: string; request: string; lines: number[] }>({
  draw: (world, choose) => {
    const open = namesOf(world.requests, ({ lines }) => lines.some(({ status }) => status === 'pending'));
    const request = choose(open.length ? open : namesOf(world.requests));
    if (!request) return undefined;
    const { person, lines } = world.requests[request]!;
    const all = lines.map((_, at) => at);
    const waits = lines.flatMap(({ deciders }) => deciders);
    return { request, by: choose([...waits, ...waits, 'a1', 'desk', person])!, lines: choose([all, [choose(all)!]])! };
  },
  model: (world, { by, request: asked, lines: chosen }, name) => {
    const request = world.requests[asked]!;
    const lines = chosen.map((at) => request.lines[at]!);
    if (request.person === by) return 'requests.own-request';
    const refused = deciderRefusal(world, by, asked, lines);
    if (refused) return refused;
    if (lines.some(({ status }) => status !== 'pending')) return 'requests.nothing-open';
    if (lines.some((line) => line.asked !== undefined)) return 'requests.already-asked';
    for (const line of lines) line.asked = name;
    world.questions[name] = { request: asked, answered: false };
    return 'done';
  },
  act: async (real, { by, request, lines }, name) => {
    const lineIds = lines.map((at) => real.id(`line ${request}.${at}`));
    const question = { lineIds, question: 'For which class is it?' };
    real.keep(`question ${name}`, await real.get(RequestQuestions).ask(real.actor(by), real.id(request), question));
    real.keep(`asked in ${name}`, real.id(request));
  },
});

const answer = verb<{ by: string; question: string }>({
  draw: (world, choose) => {
    const open = namesOf(world.questions, ({ answered }) => !answered);
    const question = choose([...open, ...open, ...namesOf(world.questions)]);
    if (!question) return undefined;
    const own = world.requests[world.questions[question]!.request]!.person;
    return { question, by: choose([own, own, own, 'a1'])! };
  },
  model: (world, { by, question: name }) => {
    const question = world.questions[name]!;
    const request = world.requests[question.request]!;
    if (request.person !== by) return 'requests.not-found';
    if (question.answered) return 'requests.answered';
    const open = request.lines.filter(({ status, asked }) => status === 'pending' && asked === name);
    if (!open.length) return 'requests.nothing-open';
    question.answered = true;
    request.version++;
    for (const line of open) {
      delete line.asked;
      line.answered = request.version;
    }
    return 'done';
  },
  act: (real, { by, question }) => {
    const answered = { questionId: real.id(`question ${question}`), answer: 'For 4B.' };
    return real.get(RequestQuestions).answer(real.actor(by), real.id(`asked in ${question}`), answered);
  },
});

/** What requesters are offered and asked, and what they answer. */
export const answerVerbs = { answerOffer, ask, answer };
