import type { RequestView } from '#requests';
import { SitesService } from '#sites';

/** Whether one of the sites somebody is employed at is the place asked for, or belongs to the system asked for. */
export async function isEmployedThere(
  sites: SitesService,
  siteCodes: string[],
  { level, code }: RequestView['place'],
): Promise<boolean> {
  if (level === 'site') return siteCodes.includes(code);
  const placed = await sites.placeMany(siteCodes.map((siteCode) => ({ level: 'site', code: siteCode })));
  return [...placed.values()].some((site) => site.system.code === code);
}
