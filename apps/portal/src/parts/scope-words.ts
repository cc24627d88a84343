import type { Reach } from '#coordinators';

interface Scope {
  reach: Reach;
  /** How many sites a site or group assignment holds. */
  sites: number;
  /** Name of the application it is limited to. */
  application?: string;
}

/** What a coordinator decides for, in a few words: "a group of 3 sites, SER only". */
export function scopeWords({ reach, sites, application }: Scope): string {
  const where = {
    site: 'one site',
    group: `a group of ${sites} sites`,
    system: 'the whole school system',
    state: 'the whole state',
  }[reach];
  return application === undefined ? where : `${where}, ${application} only`;
}
