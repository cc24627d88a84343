import type { AsOfPerson, AsOfPlace } from '#compliance';
import { type FieldFault, isDay, kernelProblems, localDay } from '#kernel';
import type { Location } from '#sites';

/** What the address of a page asks: fields as they were sent. */
export type AskedFields = Record<string, string | undefined>;

/** Before this day nothing is on record. */
const firstDay = '2000-01-01';

/** @throws Problem 400 when a parameter comes twice */
export function askedOf(query: Record<string, unknown>, names: string[]): AskedFields {
  return Object.fromEntries(
    names.map((name) => {
      const value = query[name] ?? '';
      if (typeof value !== 'string')
        throw kernelProblems.badInput(`The address holds "${name}" more than once. Open the page again.`);
      return [name, value.trim().slice(0, 100) || undefined];
    }),
  );
}

/** The place in the address; undefined where none was chosen. */
export function locationOf({ level, code }: AskedFields): Location | undefined {
  return (level === 'site' || level === 'system') && code ? { level, code: code.toUpperCase() } : undefined;
}

/** The question about a place, or what is wrong with it. */
export function placeQuestion(
  asked: AskedFields,
  location: Location,
  now: Date,
): { value?: AsOfPlace; faults: FieldFault[] } {
  const { what = '', day = '', believed } = asked;
  const [application = '', permission] = what.split(':');
  const faults = [
    ...(application ? [] : [{ field: 'what', message: 'Choose an application or a permission' }]),
    ...dayFaults({ day }, now),
    ...believedFaults(believed, now),
  ];
  return faults.length
    ? { faults }
    : { value: { location, application, permission, day, believedDay: believed }, faults };
}

/** The question about a person, or what is wrong with it. */
export function personQuestion(asked: AskedFields, now: Date): { value?: AsOfPerson; faults: FieldFault[] } {
  const { staffId = '', from = '', through = '', believed } = asked;
  const faults = [
    ...(/^\d{10}$/.test(staffId) ? [] : [{ field: 'staffId', message: 'Write the Staff ID, 10 digits' }]),
    ...dayFaults({ from, through }, now),
    ...(isDay(from) && isDay(through) && through < from
      ? [{ field: 'through', message: 'Choose a last day that is not before the first' }]
      : []),
    ...believedFaults(believed, now),
  ];
  return faults.length
    ? { faults }
    : { value: { staffId, fromDay: from, throughDay: through, believedDay: believed }, faults };
}

const dayFaults = (days: Record<string, string>, now: Date): FieldFault[] =>
  Object.entries(days).flatMap(([field, day]) =>
    isDay(day) && day >= firstDay && day <= localDay(now) ? [] : [{ field, message: 'Choose a day up to today' }],
  );

const believedFaults = (believed: string | undefined, now: Date): FieldFault[] =>
  believed === undefined || dayFaults({ believed }, now).length === 0
    ? []
    : [{ field: 'believed', message: 'Choose a day up to today, or leave it empty' }];
