import { readableWeekday } from '#kernel';
import { type Reach, reaches } from './coordinator.js';
import { dutyReason, approvalWords } from './duty-words.js';
import type { Seat } from './routing-judge.js';
import type { Candidate, Fate, NamedDecider, RoutingLine } from './routing-types.js';
import { dayBefore } from './scope-words.js';

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const counted = (count: number): string => numbers[count] ?? String(count);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const nearer = (one: Reach, other: Reach): boolean => reaches.indexOf(one) < reaches.indexOf(other);
const people = (all: { staffMemberId: string }[]): number => new Set(all.map((one) => one.staffMemberId)).size;

interface Words {
  /** "This school". */
  subject: string;
  system: string;
  application: string;
}

/** Why these people, in sentences the requester and the coordinators read. */
export function reasonsFor(
  line: RoutingLine,
  row: Seat[],
  deciders: NamedDecider[],
  candidates: Candidate[],
): string[] {
  const words = wordsOf(line);
  const winner = row[0]?.candidate.reach ?? 'state';
  const isNearer = (one: Candidate): boolean =>
    line.duty ? one.duty !== undefined && row[0]?.candidate.duty === undefined : nearer(one.reach, winner);
  const passed = candidates.filter(isNearer);
  const who = line.duty ? approvalWords[line.duty] : { one: 'nearer coordinator', many: 'nearer coordinators' };
  return [
    ...(line.served && line.location.level === 'site'
      ? [`${words.subject} comes with the school system that serves it, ${words.system}.`]
      : []),
    `${firstReason(line, winner, row, candidates, words)}${absences(row)}.`,
    ...(deciders.some((one) => one.passed) ? ['Whoever was asked before may still decide.'] : []),
    ...(deciders.length > 1 ? ['Whoever of them acts first decides.'] : []),
    ...(row.length
      ? []
      : ['Nobody is at the state office right now. The request is kept there and seen by whoever is named next.']),
    ...(candidates.some(({ fate, covers }) => fate === 'asks' || covers?.some((each) => each.fate === 'asks'))
      ? [
          `The person who asks is ${line.duty ? 'one of them' : 'a coordinator here'} too, and nobody decides for themselves.`,
        ]
      : []),
    ...(candidates.some(({ fate, covers }) => fate === 'excluded' || covers?.some((each) => each.fate === 'excluded'))
      ? ['Whoever entered it, or approved an earlier step, does not decide it.']
      : []),
    ...told(passed, 'cannot-sign-in', who, (are) => `cannot sign in at present and ${are} passed over`),
    ...told(passed, 'unsigned', who, (are, have) => `${have} not signed the statement and ${are} passed over`),
    ...told(passed, 'away', who, (are) => `${are} away, and nobody who stands in can decide this`),
  ];
}

function wordsOf({ words, location, systemCode = '', application }: RoutingLine): Words {
  const system = words?.system ?? systemCode;
  return {
    subject: location.level === 'system' ? system : words?.isSchool ? 'This school' : 'This site',
    system,
    application: words?.application ?? application,
  };
}

/** The first sentence, without its stop: of a step of a duty, of a line that was asked in vain before, or of any other. */
function firstReason(line: RoutingLine, winner: Reach, row: Seat[], candidates: Candidate[], words: Words): string {
  if (!line.duty)
    return line.passed ? passedReason(line, winner, row, words) : mainReason(line, winner, row, candidates, words);
  const count = people(row.map(({ candidate }) => candidate));
  return dutyReason({ duty: line.duty, line, ...words, count, counted: counted(count), winner: row[0]?.candidate });
}

/** The first sentence where nobody was asked in vain before. */
function mainReason(line: RoutingLine, winner: Reach, row: Seat[], candidates: Candidate[], words: Words): string {
  const { subject, system, application } = words;
  const count = people(row.map(({ candidate }) => candidate));
  const many = count > 1;
  const limit = row[0]?.candidate.application === undefined ? '' : ` for ${application}`;
  const they = `the ${many ? `${counted(count)} coordinators` : 'coordinator'}${limit}`;
  const verb = many ? 'decide' : 'decides';
  const hindered: Fate[] = ['asks', 'excluded', 'cannot-sign-in', 'unsigned', 'away'];
  const other = candidates.some(({ reach, fate }) => reach === 'site' && hindered.includes(fate)) ? 'other ' : '';
  const own = `no ${other}coordinator of its own`;
  const whole = line.location.level === 'system';
  switch (winner) {
    case 'site':
      return `${subject} has ${many ? `${counted(count)} coordinators` : 'a coordinator'} of its own${limit}, who ${verb}`;
    case 'group':
      return `${subject} has ${own}, so ${they} of its group of sites ${verb}`;
    case 'system':
      return whole
        ? `All sites of ${system} are asked for, so ${they} of the whole system ${verb}`
        : `${subject} has ${own}, so ${they} of ${system} ${verb}`;
    case 'state':
      if (line.systemCode === undefined)
        return 'No school system is on record as serving this site, so the state office decides';
      return whole
        ? `${system} has no coordinator who can decide this, so the state office decides`
        : `Neither ${subject.toLowerCase()} nor ${system} has a coordinator who can decide this, so the state office decides`;
  }
}

/** The first sentence about a line that was asked in vain before, without its stop. */
function passedReason(line: RoutingLine, winner: Reach, row: Seat[], { subject, system, application }: Words): string {
  const count = people(row.map(({ candidate }) => candidate));
  const where = {
    site: subject.toLowerCase(),
    group: 'its group of sites',
    system: line.location.level === 'system' ? 'the whole system' : system,
    state: '',
  }[winner];
  const limit = row[0]?.candidate.application === undefined ? '' : ` for ${application}`;
  const they =
    winner === 'state'
      ? 'the state office'
      : `the ${count > 1 ? `${counted(count)} coordinators` : 'coordinator'}${limit} of ${where}`;
  return `It was not decided in time, so ${they} ${count > 1 && winner !== 'state' ? 'are' : 'is'} asked too`;
}

/** Who of the deciding row is away, until when, and who stands in. */
function absences(row: Seat[]): string {
  const away = new Map<string, { absent: string; until: string; names: string[] }>();
  for (const { candidate, cover } of row) {
    if (!cover) continue;
    const known = away.get(candidate.staffMemberId) ?? { absent: candidate.name, until: cover.until, names: [] };
    if (!known.names.includes(cover.name)) known.names.push(cover.name);
    if (cover.until < known.until) known.until = cover.until;
    away.set(candidate.staffMemberId, known);
  }
  const oneOfMany = away.size === 1 && people(row.map(({ candidate }) => candidate)) > 1;
  return [...away.values()]
    .map(({ absent, until, names }) => {
      const who = oneOfMany ? 'one of them' : absent;
      return `; ${who} is away until ${readableWeekday(dayBefore(until))}, and ${names.join(' or ')} decides instead`;
    })
    .join('');
}

function told(
  passed: Candidate[],
  fate: Fate,
  { one, many }: { one: string; many: string },
  what: (are: string, have: string) => string,
): string[] {
  const count = people(passed.filter((each) => each.fate === fate));
  if (!count) return [];
  return count === 1
    ? [`One ${one} ${what('is', 'has')}.`]
    : [`${capital(counted(count))} ${many} ${what('are', 'have')}.`];
}
