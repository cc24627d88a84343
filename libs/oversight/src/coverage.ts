import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, localDay, type SignedIn } from '#kernel';
import { kindNames, type SiteKind } from '#sites';
import { AssignmentViews, type AssignmentRow } from './assignment-views.js';
import { offeredAt } from './offered-at.js';
import { holdsWords, mapped, pageOf } from './paged-list.js';
import {
  assignmentsInForce,
  gaps,
  gapsBySystem,
  type Listing,
  singleSystems,
  unservedSites,
  unsignedAssignments,
  vacantSystems,
} from './coverage-listings.js';
import { coverageGround } from './coverage-sql.js';
import type {
  ApplicationGap,
  AssignmentView,
  CoordinatorView,
  CoverageFilter,
  CoverageList,
  CoverageNumbers,
  SingleSystem,
  SystemPicture,
  UnservedSite,
  VacantSystem,
} from './coverage-views.js';
import { CoverViews } from './cover-views.js';
import { DeskOnly } from './desk-only.js';
import { SystemPictures } from './system-pictures.js';

interface SystemRow {
  code: string;
  name: string;
}

/**
 * Where somebody decides and where nobody does, as it is today. The numbers and the lists of the whole state are for the
 * state desk: oversight.not-yours (403) for anybody else. 50 items a page.
 */
@Injectable()
export class Coverage {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly desk: DeskOnly,
    private readonly views: AssignmentViews,
    private readonly covers: CoverViews,
    private readonly pictures: SystemPictures,
  ) {}

  /** All numbers at once. */
  async overview(actor: SignedIn): Promise<CoverageNumbers> {
    await this.desk.must(actor, 'coverage.view');
    const day = localDay(this.clock.now());
    const [numbers] = await this.em.execute<Omit<CoverageNumbers, 'day'>[]>(
      `${coverageGround} select
         (select count(*)::int from open_system) as systems,
         (select count(*)::int from open_site) as sites,
         (select count(distinct staff_member_id)::int from assignment) as coordinators,
         (select count(*)::int from open_system s where not exists (select 1 from whole w where w.system_code = s.code))
           as "withoutCoordinator",
         (select count(*)::int from open_system s join whole w on w.system_code = s.code and w.people = 1) as single,
         (${gaps('count(*)::int')}) as "onlyState",
         (select count(*)::int from unserved) as unserved,
         (select count(distinct staff_member_id)::int from assignment where not signed) as unsigned`,
      [day, this.applications()],
    );
    return { day, ...numbers! };
  }

  /** Systems nobody can decide for as a whole, in order of names. */
  async withoutCoordinator(actor: SignedIn, filter: CoverageFilter = {}): Promise<CoverageList<VacantSystem>> {
    const list = await this.list<Omit<VacantSystem, 'system'> & SystemRow>(actor, filter, vacantSystems);
    return mapped(list, ({ code, name, sinceDay, ...row }) => ({
      system: { code, name },
      ...(sinceDay && { sinceDay }),
      ...row,
    }));
  }

  /** Systems that hang on one person, with when that one is away and who stands in. */
  async single(actor: SignedIn, filter: CoverageFilter = {}): Promise<CoverageList<SingleSystem>> {
    const list = await this.list<AssignmentRow>(actor, filter, singleSystems);
    const coordinators = await this.views.of(list.items);
    const ids = coordinators.map(({ coordinatorId }) => coordinatorId);
    const covers = await this.covers.ofCoordinators(ids, localDay(this.clock.now()));
    return mapped({ ...list, items: coordinators }, (coordinator) => ({
      system: coordinator.system!,
      coordinator,
      covers: covers.get(coordinator.coordinatorId) ?? [],
    }));
  }

  /** Applications nobody but the state can decide, by system. */
  async onlyState(actor: SignedIn, filter: CoverageFilter = {}): Promise<CoverageList<ApplicationGap>> {
    const list = await this.list<SystemRow & { applications: string[] }>(actor, filter, gapsBySystem, [
      this.applications(),
    ]);
    return mapped(list, ({ code, name, applications }) => ({
      system: { code, name },
      applications: applications.map((one) => this.catalog.names(one).application),
    }));
  }

  /** Nonpublic and early-childhood schools and centers that no public system serves. */
  async unserved(actor: SignedIn, filter: CoverageFilter = {}): Promise<CoverageList<UnservedSite>> {
    const list = await this.list<SystemRow & { kind: SiteKind; owner_code: string; owner_name: string }>(
      actor,
      filter,
      unservedSites,
    );
    return mapped(list, ({ code, name, kind, owner_code, owner_name }) => ({
      site: { code, name },
      kind: kindNames[kind],
      owner: { code: owner_code, name: owner_name },
    }));
  }

  /** All assignments in force, by system and name; `only: 'unsigned'`: those whose person has not signed. */
  async coordinators(
    actor: SignedIn,
    filter: CoverageFilter & { only?: 'unsigned' } = {},
  ): Promise<CoverageList<CoordinatorView>> {
    const wanted = filter.only ? unsignedAssignments : assignmentsInForce;
    const list = await this.list<AssignmentRow>(actor, filter, wanted);
    return { ...list, items: await this.views.of(list.items) };
  }

  /**
   * One assignment, also one that has ended or is to come.
   * @throws oversight.not-found (404)
   */
  async coordinator(actor: SignedIn, coordinatorId: string): Promise<AssignmentView> {
    await this.desk.must(actor, 'coverage.view');
    return this.views.one(coordinatorId);
  }

  /**
   * One school system at a glance, for its coordinators of whatever kind, its head and the state desk.
   * @param filter `text` narrows the sites, `page` turns them
   * @throws oversight.not-found (404) for anybody else, as for an unknown code
   */
  async system(actor: SignedIn, code: string, filter: CoverageFilter = {}): Promise<SystemPicture> {
    return this.pictures.of(actor, code, filter);
  }

  /** Codes of the applications that can be asked for a system as a whole, as JSON. */
  private applications(): string {
    return JSON.stringify(offeredAt(this.catalog, 'system').map(({ code }) => code));
  }

  private async list<T>(
    actor: SignedIn,
    { text, systemCode, page }: CoverageFilter,
    { select, words, system, group, order }: Listing,
    params: unknown[] = [],
  ): Promise<CoverageList<T>> {
    await this.desk.must(actor, 'coverage.view');
    const typed = holdsWords(text, words);
    const narrowed = systemCode === undefined ? '' : `and ${system} = ?`;
    return pageOf<T>(
      this.em,
      {
        ground: coverageGround,
        select: `${select} and ${typed.sql} ${narrowed} ${group ? `group by ${group}` : ''}`,
        order,
        params: [
          localDay(this.clock.now()),
          ...params,
          ...typed.params,
          ...(systemCode === undefined ? [] : [systemCode]),
        ],
      },
      page,
    );
  }
}
