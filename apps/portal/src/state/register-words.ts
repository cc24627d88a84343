import type { PlaceDeed, RegisterChangeSummary } from '#sites';

/** What happens to places, in the order people look for it. */
export const deedWords: Record<PlaceDeed, string> = {
  gone: 'closed',
  moved: 'moved',
  new: 'new',
  renamed: 'renamed',
  reopened: 'open again',
  served: 'served by another system',
  changed: 'changed in kind or code',
};

/** "2 systems and 58 sites new, 49 sites renamed". */
export function countsInWords({ systems, sites }: RegisterChangeSummary['counts']): string {
  const parts = Object.entries(deedWords).flatMap(([deed, word]) => {
    const counts = [
      counted(systems[deed as PlaceDeed], 'system', 'systems'),
      counted(sites[deed as PlaceDeed], 'site', 'sites'),
    ].filter(Boolean);
    return counts.length ? [`${counts.join(' and ')} ${word}`] : [];
  });
  return parts.join(', ') || 'nothing';
}

const counted = (count = 0, one: string, many: string): string | undefined =>
  count === 0 ? undefined : `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
