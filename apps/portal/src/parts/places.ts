import { kindNames, type PlacedLocation } from '#sites';

/** The line below a place's name: what it is, where it belongs, its code. */
export const aboutPlace = (place: PlacedLocation): string => {
  const kind = kindNames[place.kind as keyof typeof kindNames] ?? place.kind;
  return place.level === 'system'
    ? `${kind}, the whole of it · ${place.code}`
    : `${kind} in ${place.system.name} · ${place.code}`;
};
