import type { Application, CatalogService } from '#catalog';
import type { Location } from '#sites';

/** Applications people can ask for at places of a level, in the order of the catalogue. */
export const offeredAt = (catalog: CatalogService, level: Location['level']): Application[] =>
  catalog.applications().filter(({ requestable, levels }) => requestable && levels.includes(level));
