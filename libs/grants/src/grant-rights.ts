import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { CoordinatorsService, covers, type RoutingLine, StateOffice, unsigned } from '#coordinators';
import type { Problem, SignedIn } from '#kernel';
import { answeringSystem, type Location, locationKey, SitesService } from '#sites';
import { idList, listOfIds } from './live-grants.js';
import { grantsProblems } from './problems.js';

/** What was given, to whom, and where: what of a grant never changes. */
export interface GivenGrant {
  id: string;
  accountId: string;
  staffMemberId: string;
  application: string;
  role: string;
  permission: string;
  location: Location;
}

/** Who may change grants. Holds the actor's account, link and assignments until the transaction ends. */
@Injectable()
export class GrantRights {
  constructor(
    private readonly em: EntityManager,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly coordinators: CoordinatorsService,
    private readonly office: StateOffice,
  ) {}

  /**
   * The actor's own grant, at the account it was given to.
   * @throws grants.not-found (404)
   */
  async own(actor: SignedIn, action: string, grantId: string): Promise<GivenGrant> {
    const person = await this.office.personOf(actor);
    const [grant] = await this.given([grantId]);
    if (!grant || grant.staffMemberId !== person || grant.accountId !== actor.accountId) throw absent(action, grantId);
    return grant;
  }

  /**
   * Grants of others at places where the actor may decide today, by an assignment, a cover or from the state desk.
   * @returns in the order of the ids; all of them
   * @throws grants.own (403); grants.not-found (404: absent, or elsewhere); coordinators.unsigned (409): of one, for all
   */
  async governed(actor: SignedIn, action: string, grantIds: string[]): Promise<GivenGrant[]> {
    const person = await this.office.personOf(actor);
    const found = new Map((await this.given(grantIds)).map((grant) => [grant.id, grant]));
    const grants = grantIds.map((id) => found.get(id) ?? fail(absent(action, id)));
    if (!person) throw absent(action, grantIds[0]!);
    const own = grants.find(({ staffMemberId }) => staffMemberId === person);
    if (own)
      throw grantsProblems.own('Nobody decides about their own access. It can be given up under "My access".', {
        refusal: { action, target: `grant:${own.id}` },
      });
    const lines = await this.linesOf(grants);
    for (const { line, grant } of lines.values())
      if (!line || !(await this.coordinators.mayDecide(person, line)))
        throw await this.refusal(person, line, action, grant);
    return grants;
  }

  /** Each application and place of some grants once, as routing sees it today; no line where the register has no such place. */
  async linesOf(grants: GivenGrant[]): Promise<Map<string, { line?: RoutingLine; grant: GivenGrant }>> {
    const places = await this.sites.placeMany(grants.map(({ location }) => location));
    return new Map(
      grants.map((grant) => {
        const { application, location, staffMemberId } = grant;
        const place = places.get(locationKey(location));
        const served = this.catalog.applications().find(({ code }) => code === application)?.servedSites ?? false;
        const systemCode = place && answeringSystem(place, served)?.code;
        const line = place && { application, location, systemCode, requesterId: staffMemberId };
        return [`${application} ${locationKey(location)}`, { line, grant }];
      }),
    );
  }

  private async given(ids: string[]): Promise<GivenGrant[]> {
    const rows = await this.em.execute<(Omit<GivenGrant, 'location'> & Location)[]>(
      `select id, account_id as "accountId", staff_member_id as "staffMemberId", application, role, permission, level, code
       from access_grant where id in ${idList}`,
      [listOfIds(ids)],
    );
    return rows.map(({ level, code, ...grant }) => ({ ...grant, location: { level, code } }));
  }

  private async refusal(
    person: string,
    line: RoutingLine | undefined,
    action: string,
    { id }: GivenGrant,
  ): Promise<Error> {
    const scopes = line ? await this.coordinators.scopesOf(person) : [];
    return scopes.some((scope) => covers(scope, line!)) ? unsigned() : absent(action, id);
  }
}

const absent = (action: string, id: string): Problem =>
  grantsProblems.notFound('There is no such grant among those you may see. Load the list again.', {
    refusal: { action, target: `grant:${id}` },
  });

const fail = (problem: Problem): never => {
  throw problem;
};
