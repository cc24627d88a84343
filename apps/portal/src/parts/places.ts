import { kindNames, type PlacedLocation } from '#sites';

/** A place and the system of one site often share their name: what they are has to say which is which. */
const fullKinds: Record<string, string> = {
  'system nonpublic': 'Nonpublic school system',
  'system early-childhood': 'Early childhood network',
  'system charter': 'Charter school system',
  'site nonpublic': 'Nonpublic site',
  'site early-childhood': 'Early childhood site',
};

/** The line below a place's name: what it is, where it belongs, its code. */
export const aboutPlace = (place: PlacedLocation): string => {
  const kind = fullKinds[`${place.level} ${place.kind}`] ?? kindNames[place.kind];
  return place.level === 'system'
    ? `${kind}, the whole of it · ${place.code}`
    : `${kind} in ${place.system.name} · ${place.code}`;
};
