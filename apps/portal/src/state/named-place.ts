import { isPlaceCode, type Location, locationKey, type PlacedLocation, type SitesService } from '#sites';

/** What somebody meant by a name or a code they typed. */
export type NamedPlaceAnswer = { place: PlacedLocation; fault?: undefined } | { place?: undefined; fault: string };

/**
 * Finds the place somebody typed: the one of that code, else the one open place the name fits.
 * @param text as typed
 * @returns the place, or what to type instead
 */
export async function placeNamed(
  sites: SitesService,
  level: Location['level'],
  text: string,
): Promise<NamedPlaceAnswer> {
  const what = level === 'system' ? 'school system' : 'site';
  const code = text.trim().toUpperCase();
  if (!code) return { fault: `Type the name or the code of the ${what}` };
  const known = isPlaceCode(code) ? await sites.placeMany([{ level, code }]) : undefined;
  const exact = known?.get(locationKey({ level, code }));
  if (exact) return { place: exact };
  const found = (await sites.search(text, 50)).filter((place) => place.level === level);
  if (found.length === 1) return { place: found[0]! };
  if (!found.length)
    return { fault: `No open ${what} fits "${text.trim()}". Try another word of its name, or its code` };
  const named = found.slice(0, 5).map((place) => `${place.name} (${place.code})`);
  return { fault: `Several fit: ${named.join(', ')}${found.length > 5 ? ' and more' : ''}. Type the code` };
}
