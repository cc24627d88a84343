import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GrantsService } from '#grants';
import { Clock, days } from '#kernel';
import { RequestLists } from '#requests';
import { type Location, locationKey, SitesService } from '#sites';
import { StaffService } from '#staff';
import type { EndedThing } from './departure.js';

/** What a person had before leaving, to be asked for again. */
export interface FormerAccess {
  application: string;
  role: string;
  permissions: string[];
  location: Location;
  /** Each permission in words. */
  words: string[];
}

/** How long after leaving the same is offered. */
const offered = days(90);

/** People who come back: what they had is offered to be asked for, and never given back by itself. */
@Injectable()
export class Rehires {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly grants: GrantsService,
    private readonly requests: RequestLists,
  ) {}

  /**
   * What somebody who left within 90 days and is employed again had then, and has neither now nor asked for; one wish for
   * each application and open place.
   */
  async offers(accountId: string): Promise<FormerAccess[]> {
    const person = await this.staff.memberOf(accountId);
    if (!person) return [];
    const since = new Date(this.clock.now().getTime() - offered);
    const rows = await this.em.execute<{ ended: EndedThing[] }[]>(
      `select ended from departure where staff_member_id = ? and left_at > ? order by left_at desc limit 1`,
      [person.id, since],
    );
    const wishes = wishesOf(rows[0]?.ended ?? []);
    if (!wishes.length || !(await this.staff.employmentsOf(person.id)).length) return [];
    const taken = await this.taken(accountId);
    const places = await this.sites.placeMany(wishes.map(({ location }) => location));
    return wishes.filter((wish) => places.get(locationKey(wish.location))?.open && !taken.has(keyOf(wish)));
  }

  /** Application and place of what an account has, or waits for. */
  private async taken(accountId: string): Promise<Set<string>> {
    const held = await this.grants.effective(accountId, undefined, this.clock.now());
    const asked = (await this.requests.mine(accountId)).flatMap(({ lines }) => lines);
    const open = asked.filter(({ status }) => status === 'pending');
    return new Set([
      ...held.map(keyOf),
      ...open.map(({ application, place }) => keyOf({ application: application.code, location: place })),
    ]);
  }
}

function wishesOf(ended: EndedThing[]): FormerAccess[] {
  const wishes = new Map<string, FormerAccess>();
  for (const { kind, application, role, permission, place, words } of ended) {
    if (kind !== 'grant' || !application || !role || !permission || !place) continue;
    const key = `${keyOf({ application, location: place })} ${role}`;
    const wish = wishes.get(key) ?? { application, role, permissions: [], location: place, words: [] };
    wishes.set(key, { ...wish, permissions: [...wish.permissions, permission], words: [...wish.words, words] });
  }
  return [...wishes.values()];
}

const keyOf = ({ application, location }: { application: string; location: Location }): string =>
  `${application} ${locationKey(location)}`;
