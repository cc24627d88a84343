import { type Reach, reaches } from './coordinator.js';
import type { Assignment, Fate, RoutingLine } from './routing.js';

type Judged = { one: Assignment; fate: Fate }[];

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const counted = (count: number): string => numbers[count] ?? String(count);

/** Why these people, in sentences the requester and the coordinators read. */
export function reasonsFor(line: RoutingLine, winner: Reach, deciders: Assignment[], judged: Judged): string[] {
  const words = line.words ?? {
    place: line.location.code,
    isSchool: false,
    system: line.systemCode,
    application: line.application,
  };
  const subject = line.location.level === 'system' ? words.system : words.isSchool ? 'This school' : 'This site';
  const reasons = [mainReason(line, winner, deciders, judged, { ...words, subject })];
  if (deciders.length > 1) reasons.push('Whoever of them acts first decides.');
  if (!deciders.length)
    reasons.push('Nobody is at the state desk right now. The request is kept there and seen by whoever is named next.');
  if (judged.some(({ fate }) => fate === 'asks'))
    reasons.push('The person who asks is a coordinator here too, and nobody decides for themselves.');
  const absent = new Set(
    judged
      .filter(({ fate, one }) => fate === 'cannot-sign-in' && nearer(one.reach, winner))
      .map(({ one }) => one.staffMemberId),
  ).size;
  if (absent)
    reasons.push(
      `${absent === 1 ? 'One nearer coordinator' : `${capital(counted(absent))} nearer coordinators`} cannot sign in at present and ${absent === 1 ? 'is' : 'are'} passed over.`,
    );
  return reasons;
}

const nearer = (one: Reach, other: Reach): boolean => reaches.indexOf(one) < reaches.indexOf(other);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function mainReason(
  line: RoutingLine,
  winner: Reach,
  deciders: Assignment[],
  judged: Judged,
  words: { subject: string; system: string; application: string },
): string {
  const many = deciders.length > 1;
  const limit = deciders[0]?.application === undefined ? '' : ` for ${words.application}`;
  const they = `the ${many ? `${counted(deciders.length)} coordinators` : 'coordinator'}${limit}`;
  const verb = many ? 'decide' : 'decides';
  const own = judged.some(({ one, fate }) => one.reach === 'site' && (fate === 'asks' || fate === 'cannot-sign-in'))
    ? 'no other coordinator of its own'
    : 'no coordinator of its own';
  switch (winner) {
    case 'site':
      return `${words.subject} has ${many ? `${counted(deciders.length)} coordinators` : 'a coordinator'} of its own${limit}, who ${verb}.`;
    case 'group':
      return `${words.subject} has ${own}, so ${they} of its group of sites ${verb}.`;
    case 'system':
      return line.location.level === 'system'
        ? `All sites of ${words.system} are asked for, so ${they} of the whole system ${verb}.`
        : `${words.subject} has ${own}, so ${they} of ${words.system} ${verb}.`;
    case 'state':
      return line.location.level === 'system'
        ? `${words.system} has no coordinator who can decide this, so the state desk decides.`
        : `Neither this ${words.subject === 'This school' ? 'school' : 'site'} nor ${words.system} has a coordinator who can decide this, so the state desk decides.`;
  }
}
