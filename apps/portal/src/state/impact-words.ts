import type { PlaceImpact } from '#oversight';

const counted = (count: number, one: string, many: string): string | undefined =>
  count === 0 ? undefined : `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** What hangs on a place, in one line: "12 people, 3 permissions, 1 permission asked for". */
export function impactWords({ people, grants, openLines, coordinators }: PlaceImpact): string {
  const parts = [
    counted(people, 'person employed', 'people employed'),
    counted(grants, 'permission in use', 'permissions in use'),
    counted(openLines, 'permission asked for', 'permissions asked for'),
    counted(coordinators, 'coordinator', 'coordinators'),
  ].filter(Boolean);
  return parts.length ? parts.join(', ') : 'Nobody and nothing';
}
