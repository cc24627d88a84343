/** Days that are alike: of one year ('2026-11-23') or of every year ('12-21'), first and last day. */
export interface Stretch {
  from: string;
  to: string;
  /** Only these days of the week, 0 is Sunday. */
  weekdays?: readonly number[];
}

/** Where one school system differs from the state. */
export interface OwnDays {
  closed: readonly Stretch[];
  open: readonly Stretch[];
}

const noon = (day: string): Date => new Date(`${day}T12:00:00Z`);

/** The day so many days later. @param day 'YYYY-MM-DD' */
export function dayPlus(day: string, count: number): string {
  const at = noon(day);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
}

/** On which days anybody works. Days are texts 'YYYY-MM-DD'; nothing here looks at a clock. */
export class WorkCalendar {
  constructor(
    private readonly closed: readonly Stretch[],
    private readonly systems: ReadonlyMap<string, OwnDays>,
  ) {}

  /** Codes of the school systems with days of their own. */
  get ownSystems(): string[] {
    return [...this.systems.keys()];
  }

  /** Whether a school system works on a day; one with no days of its own works when the state does. */
  isWorkingDay(day: string, systemCode = ''): boolean {
    const weekday = noon(day).getUTCDay();
    const among = (stretches: readonly Stretch[] = []): boolean => stretches.some((one) => holds(one, day, weekday));
    const own = this.systems.get(systemCode);
    if (weekday === 0 || weekday === 6 || among(own?.closed)) return false;
    return among(own?.open) || !among(this.closed);
  }

  /** The so manieth working day after a day, which itself does not count. @param count 1 or more */
  workingDayAfter(day: string, count: number, systemCode?: string): string {
    let at = day;
    for (let left = count; left > 0;) {
      at = dayPlus(at, 1);
      if (this.isWorkingDay(at, systemCode)) left--;
    }
    return at;
  }

  /** How many working days there are after a day, up to and with another. */
  workingDaysUpTo(after: string, upTo: string, systemCode?: string): number {
    let count = 0;
    for (let at = dayPlus(after, 1); at <= upTo; at = dayPlus(at, 1)) if (this.isWorkingDay(at, systemCode)) count++;
    return count;
  }
}

function holds({ from, to, weekdays }: Stretch, day: string, weekday: number): boolean {
  if (weekdays && !weekdays.includes(weekday)) return false;
  // A stretch of every year is compared by month and day.
  const at = from.length === day.length ? day : day.slice(5);
  return from <= to ? from <= at && at <= to : at >= from || at <= to;
}
