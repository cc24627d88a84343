import type { LineSummary } from '#requests';
import { locationKey } from '#sites';

type Told = Pick<LineSummary, 'application' | 'permission' | 'place'>;

/** What some lines ask for: `SER IEP Form at Heron Street Elementary`, `SER, Canopy at 12 places`. */
export function titleOf(lines: Told[]): string {
  const applications = new Set(lines.map(({ application }) => application.name));
  return `${[...applications].join(', ')} at ${placesInWords(lines.map(({ place }) => place))}`;
}

/** Whether lines ask in one application at one place: then neither needs to be named with each. */
export const isSimple = (lines: Told[]): boolean =>
  new Set(lines.map(({ application, place }) => `${application.code} ${locationKey(place)}`)).size <= 1;

/** The permissions of some lines, with the places where these are several; what is asked for at the same places stands together. */
export function thingsInWords(lines: Told[], named: boolean): string[] {
  const places = new Map<string, Told[]>();
  for (const line of lines) together(places, locationKey(line.place), line);
  const same = new Map<string, Told[]>();
  for (const there of places.values()) together(same, permissionsOf(there), ...there);
  return [...same].map(([permissions, there]) =>
    named
      ? `${permissions} at ${placesInWords(
          there.map(({ place }) => place),
          12,
        )}`
      : permissions,
  );
}

const permissionsOf = (lines: Told[]): string => lines.map(({ permission }) => permission.name).join(', ');

/** Up to `most` by name; more are counted. */
function placesInWords(places: Told['place'][], most = 1): string {
  const names = [...new Map(places.map((place) => [locationKey(place), place.name])).values()];
  return names.length > most ? `${names.length} places` : names.join(', ');
}

function together<Thing>(groups: Map<string, Thing[]>, key: string, ...things: Thing[]): void {
  groups.set(key, [...(groups.get(key) ?? []), ...things]);
}
