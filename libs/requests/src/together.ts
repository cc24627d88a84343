import { type Location, locationKey } from '#sites';

/** Where and in which application something is asked for: what goes one way. */
export const wayKey = ({ application, level, code }: Location & { application: string }): string =>
  `${application} ${locationKey({ level, code })}`;

/** What makes a line go the way it goes: where, in which application, at the step of which duty, and decided by whom not. */
export const routeKey = ({
  duty,
  excluded = [],
  ...asked
}: Location & { application: string; duty?: string | null; excluded?: string[] }): string =>
  [wayKey(asked), duty ?? '', ...[...excluded].sort()].join(' ');

/** Each place once. */
export const distinctPlaces = (asked: Location[]): Location[] => [
  ...new Map(
    asked.map(({ level, code }): [string, Location] => [locationKey({ level, code }), { level, code }]),
  ).values(),
];

/** The application, the role and the place of a wish. */
export const wishKey = ({ application, role, location }: { application: string; role: string; location: Location }) =>
  `${application} ${role} ${locationKey(location)}`;

/** Things with the same key together; groups and things in their first order. */
export function togetherBy<Thing>(things: Thing[], keyOf: (thing: Thing) => string): Thing[][] {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group) group.push(thing);
    else groups.set(keyOf(thing), [thing]);
  }
  return [...groups.values()];
}
