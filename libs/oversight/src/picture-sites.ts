import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { kindNames, locationKey, type PlacedLocation, SitesService } from '#sites';
import { coverageGround } from './coverage-sql.js';
import type { CoverageFilter, CoverageList, FoundCoordinator, PictureSite, PlaceDeciders } from './coverage-views.js';
import { holdsWords, pageOf } from './paged-list.js';
import { type FoundAnswer, PlaceAnswers } from './place-answers.js';

/** The sites a system owns or serves, each with who decides there. */
@Injectable()
export class PictureSites {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    private readonly answers: PlaceAnswers,
  ) {}

  /**
   * A page of the sites that are open, in order of names.
   * @param code of the system
   * @param day 'YYYY-MM-DD', today
   */
  async of(code: string, day: string, filter: CoverageFilter): Promise<CoverageList<PictureSite>> {
    const typed = holdsWords(filter.text, `t.name_key || ' ' || lower(t.code)`);
    const mine = filter.siteCodes && `and t.code in (select json_array_elements_text(?::json))`;
    const list = await pageOf<{ code: string; owned: boolean; served: boolean }>(
      this.em,
      {
        ground: coverageGround,
        select: `select t.code, t.name, t.owned, t.served from (
          select t.*, exists (select 1 from site_parent p, today where p.site_code = t.code and p.system_code = ?
              and p.from_day <= day and coalesce(p.to_day > day, true)) as owned,
            exists (select 1 from site_serving v, today where v.site_code = t.code and v.system_code = ?
              and v.from_day <= day and coalesce(v.to_day > day, true)) as served
          from open_site t where t.code in (
            select site_code from site_parent where system_code = ? union select site_code from site_serving where system_code = ?)) t
        where (t.owned or t.served) and ${typed.sql} ${mine ?? ''}`,
        order: 'name, code',
        params: [
          day,
          ...[code, code, code, code],
          ...typed.params,
          ...(filter.siteCodes ? [JSON.stringify(filter.siteCodes)] : []),
        ],
      },
      filter.page,
    );
    const located = list.items.map((item) => ({ level: 'site' as const, code: item.code }));
    const placed = await this.sites.placeMany(located);
    const places = located.map((location) => placed.get(locationKey(location))!);
    const answers = await this.answers.of(places);
    return {
      ...list,
      items: list.items.map(({ owned, served }, index) => siteOf(places[index]!, owned, served, answers[index]!)),
    };
  }
}

const siteOf = (place: PlacedLocation, owned: boolean, served: boolean, answers: FoundAnswer[]): PictureSite => ({
  site: { code: place.code, name: place.name },
  kind: kindNames[place.kind],
  owned,
  served,
  ...(!owned && { owner: place.system }),
  deciders: placeDeciders(answers),
});

/**
 * Who decides at a place, without the reasons. Applications the same people decide are told together, also where each is
 * decided by an assignment of its own; their names only where others have another answer.
 */
export function placeDeciders(answers: FoundAnswer[]): PlaceDeciders[] {
  const told = new Map<string, FoundAnswer[]>();
  for (const answer of answers) {
    const people = answer.deciders.map(({ staffMemberId, coversFor, reach }) => [staffMemberId, coversFor, reach]);
    const key = JSON.stringify([answer.stateDesk, people]);
    told.set(key, [...(told.get(key) ?? []), answer]);
  }
  return [...told.values()].map((same) => ({
    ...(told.size > 1 && { applications: same.flatMap(({ applications }) => applications.map(({ name }) => name)) }),
    deciders: same.length > 1 ? same[0]!.deciders.map(unlimited) : same[0]!.deciders,
    stateDesk: same[0]!.stateDesk,
  }));
}

const unlimited = ({ application: _, ...one }: FoundCoordinator): FoundCoordinator => one;
