import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { CatalogService } from '#catalog';
import { coordinatorsProblems, CoverService, type CoverView, StatementService } from '#coordinators';
import type { SignedIn } from '#kernel';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import { type MyScope, MyScopes } from '../coordinators/my-scopes.js';
import type { ListedCover } from './cover-list.page.js';
import type { CoverOffer } from './new-cover.pages.js';

/** More sites than these are not listed to tick: the cover is for all of them. */
const mostSites = 100;

/** What the pages about covers are drawn from. */
@Injectable()
export class CoverOffers {
  constructor(
    private readonly covers: CoverService,
    private readonly scopes: MyScopes,
    private readonly statement: StatementService,
    private readonly staff: StaffService,
    private readonly sites: SitesService,
    private readonly catalog: CatalogService,
  ) {}

  /** Own assignments somebody may cover. */
  async coverable(actor: SignedIn): Promise<MyScope[]> {
    return (await this.scopes.of(actor)).filter(({ assignment }) => !assignment.coverId);
  }

  /**
   * An own assignment.
   * @throws coordinators.not-found (404) for those of others
   */
  async scope(actor: SignedIn, id: string): Promise<MyScope> {
    const scope = await this.scopes.own(actor, id);
    if (scope) return scope;
    throw coordinatorsProblems.notFound(
      'You have no such assignment, or it is over. Open Cover again and choose one of yours.',
      { refusal: { action: 'coordinator.cover', target: `coordinator:${id.slice(0, 60)}` } },
    );
  }

  /** What can be covered by a person; undefined when nobody who may stand in is meant: of others nothing is told (AC-3). */
  async offer(actor: SignedIn, scope: MyScope, staffMemberId: string): Promise<CoverOffer | undefined> {
    const people = isUUID(staffMemberId) ? await this.staff.membersByIds([staffMemberId]) : undefined;
    const person = people?.get(staffMemberId);
    const able = person && (await this.covers.candidates(actor, scope.id, person.staffId));
    if (!person || !able?.some((one) => one.staffMemberId === staffMemberId)) return undefined;
    const { application } = scope.assignment;
    const all = this.catalog.applications().filter((each) => each.requestable);
    return {
      scope,
      person: {
        staffMemberId,
        name: `${person.firstName} ${person.lastName}`,
        unsigned: await this.isUnsigned(staffMemberId),
      },
      applications: application ? all.filter(({ code }) => code === application) : all,
      sites: await this.sitesOf(scope),
    };
  }

  /** Covers that are not over, of this person. */
  async listed(actor: SignedIn): Promise<{ given: ListedCover[]; taken: ListedCover[] }> {
    const member = await this.staff.memberOf(actor.accountId);
    if (!member) return { given: [], taken: [] };
    const { given, taken } = await this.covers.of(member.id);
    const codes = [...given, ...taken].flatMap(({ siteCodes = [] }) => siteCodes);
    const places = await this.sites.placeMany(codes.map((code) => ({ level: 'site', code })));
    const listed = async (cover: CoverView): Promise<ListedCover> => ({
      id: cover.id,
      coversFor: cover.absent.name,
      name: cover.standsIn.name,
      words: this.words(cover, (code) => places.get(`site:${code}`)?.name ?? code),
      fromDay: cover.fromDay,
      toDay: cover.toDay,
      unsigned: await this.isUnsigned(cover.standsIn.staffMemberId),
    });
    return { given: await Promise.all(given.map(listed)), taken: await Promise.all(taken.map(listed)) };
  }

  private async isUnsigned(staffMemberId: string): Promise<boolean> {
    return (await this.statement.inForce(staffMemberId)) === undefined;
  }

  private words({ siteCodes, application }: CoverView, nameOf: (code: string) => string): string {
    const places = siteCodes ? siteCodes.map(nameOf).join(', ') : 'All sites of the assignment';
    return application ? `${places}; ${this.catalog.names(application).application} only` : places;
  }

  private async sitesOf({ assignment: { reach, systemCode, siteCodes } }: MyScope): Promise<CoverOffer['sites']> {
    if (reach === 'state' || !systemCode) return undefined;
    const places =
      reach === 'system'
        ? [...(await this.sites.sitesOf(systemCode)), ...(await this.sites.servedBy(systemCode))]
        : [...(await this.sites.placeMany([...siteCodes].map((code) => ({ level: 'site', code })))).values()];
    const names = new Map(places.filter(({ open }) => open).map(({ code, name }) => [code, name]));
    return names.size > mostSites ? undefined : [...names].map(([code, name]) => ({ code, name }));
  }
}
