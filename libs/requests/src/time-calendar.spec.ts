import fc from 'fast-check';
import { dayPlus, type OwnDays, type Stretch, WorkCalendar } from './time-calendar.js';
import { readTimePolicy, TimePolicy } from './time-policy.js';

const day = fc.integer({ min: 0, max: 20_000 }).map((count) => dayPlus('2024-01-01', count % 4000));
const count = fc.integer({ min: 1, max: 12 });
const system = fc.constantFrom('', 'R36', '001');
const monthDay = day.map((one) => one.slice(5));
const weekdays = fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }), {
  nil: undefined,
});
/** Short enough that there is always a working day again. */
const stretch: fc.Arbitrary<Stretch> = fc.oneof(
  fc.record({ from: day, length: fc.nat(9), weekdays }).map(({ from, length, weekdays: only }) => ({
    from,
    to: dayPlus(from, length),
    ...(only && { weekdays: only }),
  })),
  fc.record({ from: monthDay, weekdays }).map(({ from, weekdays: only }) => ({
    from,
    to: dayPlus(`2026-${from === '02-29' ? '03-01' : from}`, 6).slice(5),
    ...(only && { weekdays: only }),
  })),
);
const stretches = fc.array(stretch, { maxLength: 5 });
const own: fc.Arbitrary<OwnDays> = fc.record({ closed: stretches, open: stretches });
const calendars = fc.tuple(stretches, own).map(([closed, days]) => new WorkCalendar(closed, new Map([['R36', days]])));
const runs = { numRuns: 3000 };

describe('working days', () => {
  it('the nth working day after a day is a working day, and there are n of them up to it', () => {
    fc.assert(
      fc.property(calendars, day, count, system, (calendar, from, nth, code) => {
        const found = calendar.workingDayAfter(from, nth, code);
        expect(found > from).toBe(true);
        expect(calendar.isWorkingDay(found, code)).toBe(true);
        expect(calendar.workingDaysUpTo(from, found, code)).toBe(nth);
        expect(calendar.workingDaysUpTo(from, dayPlus(found, -1), code)).toBe(nth - 1);
      }),
      runs,
    );
  });

  it('steps add up, and no later start ends earlier', () => {
    fc.assert(
      fc.property(calendars, day, count, count, system, (calendar, from, one, other, code) => {
        const whole = calendar.workingDayAfter(from, one + other, code);
        expect(calendar.workingDayAfter(calendar.workingDayAfter(from, one, code), other, code)).toBe(whole);
        expect(calendar.workingDayAfter(dayPlus(from, 1), one, code) >= calendar.workingDayAfter(from, one, code)).toBe(
          true,
        );
      }),
      runs,
    );
  });

  it('agrees with reading the list day by day, by dates instead of texts', () => {
    const at = (text: string, year: number): number =>
      Date.parse(`${text.length === 5 ? `${year}-${text}` : text}T12:00:00Z`);
    const within = (all: readonly Stretch[], text: string): boolean => {
      const [date, year] = [new Date(`${text}T12:00:00Z`), Number(text.slice(0, 4))];
      return all.some(({ from, to, weekdays: only }) => {
        if (only && !only.includes(date.getUTCDay())) return false;
        const spans =
          from.length === 5 && from > to
            ? [
                [at(from, year - 1), at(to, year)],
                [at(from, year), at(to, year + 1)],
              ]
            : [[at(from, year), at(to, year)]];
        return spans.some(([first, last]) => first! <= date.getTime() && date.getTime() <= last!);
      });
    };
    fc.assert(
      fc.property(stretches, own, day, (closed, { closed: shut, open }, text) => {
        fc.pre(![...closed, ...shut, ...open].some(({ from, to }) => `${from} ${to}`.includes('02-29')));
        const calendar = new WorkCalendar(closed, new Map([['R36', { closed: shut, open }]]));
        const weekend = [0, 6].includes(new Date(`${text}T12:00:00Z`).getUTCDay());
        expect(calendar.isWorkingDay(text)).toBe(!weekend && !within(closed, text));
        expect(calendar.isWorkingDay(text, 'R36')).toBe(
          !weekend && !within(shut, text) && (within(open, text) || !within(closed, text)),
        );
      }),
      runs,
    );
  });
});

describe('config/calendar.yaml', () => {
  const policy = 'policy: { due: 5, reminders: [2, 4], passOn: 5, expiry: 30 }\n';

  it('is read at start: holidays, summer and weekends do not count', () => {
    const read = TimePolicy.fromFile();
    expect(read.dueDay('2026-08-13', '001')).toBe('2026-08-20');
    expect(read.dueDay('2026-09-04', '001')).toBe('2026-09-14');
    expect(read.dueDay('2026-06-29', '001')).toBe('2026-07-07');
    expect(read.dueDay('2026-12-22', '001')).toBe('2027-01-07');
    expect(read.expiryDay('2026-12-22')).toBe('2027-01-21');
  });

  it('a school system differs by days of its own', () => {
    const read = readTimePolicy(`${policy}
closed: [{ name: Summer hours, from: '06-01', to: '07-31', weekdays: [friday] }]
systems:
  001:
    closed: [{ name: Rice Festival, from: '2026-06-15', to: '2026-06-15' }]
    open: [{ name: Works on summer Fridays, from: '06-01', to: '07-31' }]`);
    expect(read.dueDay('2026-06-09', 'R36')).toBe('2026-06-17');
    expect(read.dueDay('2026-06-09', '001')).toBe('2026-06-17');
    expect(read.dueDay('2026-06-01', 'R36')).toBe('2026-06-09');
    expect(read.dueDay('2026-06-01', '001')).toBe('2026-06-08');
  });

  it('reminders and passing on come on their working days', () => {
    const read = readTimePolicy(policy);
    const days = ['2026-08-13', '2026-08-14', '2026-08-17', '2026-08-18', '2026-08-19', '2026-08-20', '2026-08-24'];
    expect(days.map((one) => read.remindersBy('2026-08-13', one, ''))).toEqual([0, 0, 1, 1, 2, 2, 2]);
    expect(days.map((one) => read.mustPassOn('2026-08-13', one, ''))).toEqual([
      ...[false, false, false, false, false, true, true],
    ]);
  });

  it('with a fault in it no app starts, and every fault is named', () => {
    const faulty = `policy: { due: 0, reminders: [4, 2], passOn: x, expiry: 3, extra: 1 }
closed:
  - { name: '', from: '2026-02-30', to: '03-01', weekdays: [freitag], color: red }
holidays: []
systems: { '001': { shut: [] } }`;
    for (const fault of [
      'policy: due must be',
      'policy: passOn must be',
      'policy: expiry must be',
      'policy: reminders must be',
      'policy: extra is not known here',
      'closed, entry 1: name is missing',
      'closed, entry 1: from and to must be days',
      'closed, entry 1: weekdays must be',
      'closed, entry 1: color is not known here',
      'holidays is not known here',
      'systems 001: shut is not known here',
    ])
      expect(() => readTimePolicy(faulty)).toThrow(fault);
    expect(() => readTimePolicy('')).toThrow('policy: due must be');
  });

  it('no request may expire before it is due, nor wait for days that never come', () => {
    expect(() => readTimePolicy(`${policy}closed: [{ name: July, from: '07-01', to: '07-31' }]`)).toThrow(
      'the state works too seldom: what is sent on 2025-06-',
    );
    expect(() =>
      readTimePolicy(`${policy}systems: { '001': { closed: [{ name: Never, from: '01-01', to: '12-31' }] } }`),
    ).toThrow('systems 001 works too seldom');
    expect(() => readTimePolicy(`${policy}closed: [{ name: Storm, from: '2061-03-01', to: '2061-03-29' }]`)).toThrow(
      'what is sent on 2061-02-',
    );
  });
});
