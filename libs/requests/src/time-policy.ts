import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDay } from '#kernel';
import { projectRoot } from '#settings';
import { parse } from 'yaml';
import { dayPlus, type OwnDays, type Stretch, WorkCalendar } from './time-calendar.js';

/** The numbers of config/calendar.yaml; working days but for `expiry`, which is days of the calendar. */
interface PolicyNumbers {
  due: number;
  reminders: readonly number[];
  passOn: number;
  expiry: number;
}

/** How long requests may wait, as it was read at start. */
export class TimePolicy {
  constructor(
    readonly numbers: PolicyNumbers,
    readonly calendar: WorkCalendar,
  ) {}

  /** From config/calendar.yaml. */
  static fromFile(): TimePolicy {
    return readTimePolicy(readFileSync(join(projectRoot, 'config/calendar.yaml'), 'utf8'));
  }

  /** The day by which it is to be decided. @param since the day it was sent or passed on */
  dueDay(since: string, systemCode: string): string {
    return this.calendar.workingDayAfter(since, this.numbers.due, systemCode);
  }

  /** How many reminders are due by a day. */
  remindersBy(since: string, today: string, systemCode: string): number {
    const worked = this.calendar.workingDaysUpTo(since, today, systemCode);
    return this.numbers.reminders.filter((day) => day <= worked).length;
  }

  /** Whether it is to be passed on by a day. */
  mustPassOn(since: string, today: string, systemCode: string): boolean {
    return this.calendar.workingDaysUpTo(since, today, systemCode) >= this.numbers.passOn;
  }

  /** The day on which what is still undecided is closed. @param submitted the day it was sent */
  expiryDay(submitted: string): string {
    return dayPlus(submitted, this.numbers.expiry);
  }
}

const weekdayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * Reads config/calendar.yaml.
 * @throws Error naming every fault, so that an app with unfit times does not start
 */
export function readTimePolicy(text: string): TimePolicy {
  // Codes of systems stay as they are written: 001 is not 1.
  const root = objectOf(parse(text, { maxAliasCount: 0, stringKeys: true }));
  const faults: string[] = [];
  const { policy, closed, systems, ...others } = root;
  for (const name of Object.keys(others)) faults.push(`${name} is not known here`);
  const numbers = numbersOf(policy, faults);
  const own = Object.entries(objectOf(systems)).map(([code, value]): [string, OwnDays] => {
    const { closed: shut, open, ...rest } = objectOf(value);
    for (const name of Object.keys(rest)) faults.push(`systems ${code}: ${name} is not known here`);
    const at = `systems ${code}`;
    return [code, { closed: stretchesOf(shut, `${at} closed`, faults), open: stretchesOf(open, `${at} open`, faults) }];
  });
  const stretches = stretchesOf(closed, 'closed', faults);
  const calendar = new WorkCalendar(stretches, new Map(own));
  if (!faults.length) {
    const all = [...stretches, ...own.flatMap(([, days]) => [...days.closed, ...days.open])];
    for (const code of [undefined, ...calendar.ownSystems]) faults.push(...tooLong(calendar, numbers, all, code));
  }
  if (faults.length)
    throw new Error(`config/calendar.yaml needs attention:\n${faults.map((one) => `  - ${one}`).join('\n')}`);
  return new TimePolicy(numbers, calendar);
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function numbersOf(value: unknown, faults: string[]): PolicyNumbers {
  const { due, reminders, passOn, expiry, ...others } = objectOf(value) as Partial<PolicyNumbers>;
  const check = (holds: boolean, fault: string): void => void (holds || faults.push(`policy: ${fault}`));
  const within = (number: unknown, least: number, most: number): boolean =>
    Number.isInteger(number) && (number as number) >= least && (number as number) <= most;
  check(within(due, 1, 40), 'due must be a number of working days, 1 to 40');
  check(within(passOn, 1, 40), 'passOn must be a number of working days, 1 to 40');
  check(within(expiry, 7, 365), 'expiry must be a number of days, 7 to 365');
  check(
    Array.isArray(reminders) && reminders.every((day, at) => within(day, (reminders[at - 1] as number) + 1 || 1, 40)),
    'reminders must be working days in rising order, 1 to 40; an empty list for none',
  );
  check(!Object.keys(others).length, `${Object.keys(others).join(', ')} is not known here`);
  return { due: due!, reminders: reminders!, passOn: passOn!, expiry: expiry! };
}

function stretchesOf(value: unknown, at: string, faults: string[]): Stretch[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return (faults.push(`${at} must be a list`), []);
  return value.map((entry: unknown, index): Stretch => {
    const { name, from, to, weekdays = weekdayNames, ...others } = objectOf(entry);
    const known = Array.isArray(weekdays) ? weekdays.map((one) => weekdayNames.indexOf(String(one))) : [-1];
    const yearly = isYearly(from) && isYearly(to);
    const check = (holds: boolean, fault: string): void =>
      void (holds || faults.push(`${at}, entry ${index + 1}: ${fault}`));
    check(typeof name === 'string' && name.trim() !== '', 'name is missing');
    check(
      yearly || (isNearDay(from) && isNearDay(to) && String(from) <= String(to)),
      "from and to must be days from 2020 to 2099, both '2026-11-23' or both '11-23', in quotes and in order",
    );
    check(known.length > 0 && !known.includes(-1), `weekdays must be a list of ${weekdayNames.join(', ')}`);
    check(!Object.keys(others).length, `${Object.keys(others).join(', ')} is not known here`);
    return { from: String(from), to: String(to), ...(weekdays !== weekdayNames && { weekdays: known }) };
  });
}

/** A day of every year: '11-23', and '02-29' too. */
const isYearly = (value: unknown): boolean => typeof value === 'string' && value.length === 5 && isDay(`2028-${value}`);

const isNearDay = (value: unknown): boolean => isDay(String(value)) && /^20[2-9]/.test(String(value));

/** Days and weekdays of every year come together in all ways within 28 years. */
const cycle = 28;

/** Wherever a request begins to wait, it must be possible to decide it in time, and to pass it on, before it expires. */
function tooLong(
  calendar: WorkCalendar,
  { due, passOn, expiry }: PolicyNumbers,
  stretches: Stretch[],
  code: string | undefined,
): string[] {
  const years = stretches.flatMap(({ from, to }) => (from.length === 10 ? [+from.slice(0, 4), +to.slice(0, 4)] : []));
  const [first, last] = [Math.min(2026, ...years) - 1, Math.max(2026, ...years) + cycle];
  const worked = [0];
  const days: string[] = [];
  for (let day = `${first}-01-01`; day < `${last}-01-01`; day = dayPlus(day, 1)) {
    days.push(day);
    worked.push(worked.at(-1)! + Number(calendar.isWorkingDay(day, code)));
  }
  const found = days.find(
    (_, at) => at + expiry <= days.length && worked[at + expiry]! - worked[at + 1]! < Math.max(due, passOn),
  );
  return found === undefined
    ? []
    : [
        `${code === undefined ? 'the state' : `systems ${code}`} works too seldom: what is sent on ${found} would expire before it is due`,
      ];
}
