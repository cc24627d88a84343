import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CoordinatorsService, HeadsService } from '#coordinators';
import { Clock, localDay, type SignedIn } from '#kernel';
import { isPlaceCode, kindNames, locationKey, type PlacedLocation, SitesService } from '#sites';
import { type AssignmentRow, AssignmentViews } from './assignment-views.js';
import { coordinatorColumns, coordinatorTables, coverageGround, headsColumn, takenOverColumn } from './coverage-sql.js';
import type {
  CoordinatorView,
  CoverageFilter,
  HeadView,
  NamedPlace,
  PictureGroup,
  SystemPicture,
} from './coverage-views.js';
import { CoverViews } from './cover-views.js';
import { DeskOnly } from './desk-only.js';
import { placeDeciders, PictureSites } from './picture-sites.js';
import { PlaceAnswers } from './place-answers.js';
import { oversightProblems } from './problems.js';

/** One school system at a glance. */
@Injectable()
export class SystemPictures {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly covers: CoverViews,
    private readonly sites: SitesService,
    private readonly coordinators: CoordinatorsService,
    private readonly heads: HeadsService,
    private readonly desk: DeskOnly,
    private readonly views: AssignmentViews,
    private readonly answers: PlaceAnswers,
    private readonly pictureSites: PictureSites,
  ) {}

  /** As `Coverage.system`. */
  async of(actor: SignedIn, code: string, filter: CoverageFilter): Promise<SystemPicture> {
    const place = await this.placeFor(actor, code);
    const day = localDay(this.clock.now());
    const [office] = await this.em.execute<{ heads: HeadView[]; takenOver: boolean }[]>(
      `${coverageGround} select ${headsColumn}, ${takenOverColumn} from school_system s where s.code = ?`,
      [day, code],
    );
    const rows = await this.em.execute<AssignmentRow[]>(
      `${coverageGround} select ${coordinatorColumns}, a.each from ${coordinatorTables('folded')} where a.place = 1 and a.system_code = ?
       order by array_position(array['system', 'group', 'site'], a.reach), name, a.id`,
      [day, code],
    );
    const coordinators = await this.views.of(rows, code);
    const [whole] = await this.answers.of([place]);
    return {
      system: { code, name: place.name },
      kind: kindNames[place.kind],
      open: place.open,
      day,
      ...office!,
      coordinators,
      groups: await this.groups(coordinators),
      covers: await this.covers.ofSystem(code, day),
      whole: placeDeciders(whole!),
      sites: await this.pictureSites.of(code, day, filter),
    };
  }

  /** @throws oversight.not-found (404) for an unknown system and for whoever has nothing to do with it */
  private async placeFor(actor: SignedIn, code: string): Promise<PlacedLocation> {
    const { person, desk } = await this.desk.look(actor);
    const known = isPlaceCode(code) && (desk || (!!person && (await this.belongsTo(person.id, code))));
    const location = { level: 'system' as const, code };
    const place = known ? (await this.sites.placeMany([location])).get(locationKey(location)) : undefined;
    if (place) return place;
    throw oversightProblems.notFound(
      'There is no such school system, or it is not yours to see. Choose one from your list.',
      { refusal: { action: 'system.view', target: `system:${code.slice(0, 60)}` } },
    );
  }

  private async belongsTo(staffMemberId: string, code: string): Promise<boolean> {
    const scopes = await this.coordinators.scopesOf(staffMemberId);
    if (scopes.some((one) => one.systemCode === code)) return true;
    return (await this.heads.systemsHeadedBy(staffMemberId)).some((one) => one.systemCode === code);
  }

  /** Groups of sites, each once with all who have it. */
  private async groups(coordinators: CoordinatorView[]): Promise<PictureGroup[]> {
    const grouped = coordinators.filter(({ reach }) => reach === 'group');
    const rows = await this.em.execute<{ id: string; sites: NamedPlace[] }[]>(
      `select g.coordinator_id as id, json_agg(json_build_object('code', t.code, 'name', t.name) order by t.name, t.code) as sites
       from coordinator_site g join site t on t.code = g.site_code
       where g.coordinator_id in (select value::uuid from json_array_elements_text(?::json)) group by 1`,
      [JSON.stringify(grouped.map(({ coordinatorId }) => coordinatorId))],
    );
    const sitesOf = new Map(rows.map(({ id, sites }) => [id, sites]));
    const groups = new Map<string, PictureGroup>();
    for (const coordinator of grouped) {
      const sites = sitesOf.get(coordinator.coordinatorId) ?? [];
      const key = sites.map(({ code }) => code).join();
      const group = groups.get(key) ?? { coordinators: [], sites };
      group.coordinators.push(coordinator);
      groups.set(key, group);
    }
    return [...groups.values()];
  }
}
