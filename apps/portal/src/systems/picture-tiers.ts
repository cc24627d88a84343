import type { PictureSite, PlaceDeciders } from '#oversight';

/** Who is nearest: a coordinator of the site, of a group, of the school system, the state office, or nobody. */
export const tiers = ['site', 'group', 'system', 'state'] as const;
export type Tier = (typeof tiers)[number];

/** The answer that holds for most applications: what the picture puts the site by. */
export function mainAnswer(site: PictureSite): PlaceDeciders | undefined {
  const weight = ({ applications }: PlaceDeciders): number => applications?.length ?? Infinity;
  return [...site.deciders].sort((one, other) => weight(other) - weight(one))[0];
}

/** Where a site stands in the picture. */
function tierOf(site: PictureSite): Tier {
  const answer = mainAnswer(site);
  return answer?.stateDesk ? 'state' : (answer?.deciders[0]?.reach ?? 'state');
}

/** The answer all these sites share: it is told once for all of them. */
export function sharedAnswer(sites: PictureSite[]): PlaceDeciders | undefined {
  const [first, ...others] = sites.map(mainAnswer);
  const key = JSON.stringify(first);
  return others.every((answer) => JSON.stringify(answer) === key) ? first : undefined;
}

/** Sites by who is nearest, in the order they came. */
export const byTier = (sites: PictureSite[]): Record<Tier, PictureSite[]> =>
  Object.fromEntries(tiers.map((tier) => [tier, sites.filter((site) => tierOf(site) === tier)])) as Record<
    Tier,
    PictureSite[]
  >;
