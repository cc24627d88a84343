import { Controller, Get, Query, Req } from '@nestjs/common';
import { StatementService } from '#coordinators';
import { kernelProblems, type SignedIn } from '#kernel';
import { Coverage, type SystemPicture } from '#oversight';
import { type PlaceLoad, RequestLists } from '#requests';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { type MyScope, MyScopes } from './my-scopes.js';
import { MySitesPage } from './my-sites.page.js';

/** What a coordinator decides for, site by site. */
@Controller('my-sites')
@Access('coordinator')
export class MySitesController {
  constructor(
    private readonly scopes: MyScopes,
    private readonly coverage: Coverage,
    private readonly requests: RequestLists,
    private readonly statement: StatementService,
    private readonly staff: StaffService,
    private readonly sites: SitesService,
    private readonly pages: Pages,
  ) {}

  @Get()
  async show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const [chosen, text, page] = ['system', 'q', 'page'].map((name) => query[name] ?? '');
    if (typeof chosen !== 'string' || typeof text !== 'string' || typeof page !== 'string')
      throw kernelProblems.badInput('The address holds something twice. Open My sites again.');
    const scopes = await this.scopes.of(actor);
    const systems = await this.systemsOf(scopes);
    const system = systems.find(({ code }) => code === chosen) ?? systems[0];
    const filter = { text: text.trim().slice(0, 100) || undefined, page: Number.parseInt(page, 10) || 1 };
    const member = await this.staff.memberOf(actor.accountId);
    const model = {
      reader: member?.id,
      scopes,
      systems,
      signedUntil: member && (await this.statement.inForce(member.id))?.until,
      picture: system && (await this.pictureOf(actor, scopes, system.code, filter)),
      ...countedBy(system ? await this.requests.waitingByPlace(actor) : []),
      text: filter.text,
      notice:
        query.done === 'stood-down'
          ? 'Saved. You decide until the day you named, and everybody concerned is told.'
          : undefined,
    };
    return this.pages.draw(request, (frame) => <MySitesPage frame={frame} {...model} />);
  }

  private async systemsOf(scopes: MyScope[]): Promise<{ code: string; name: string }[]> {
    const codes = new Set(scopes.flatMap(({ assignment }) => assignment.systemCode ?? []));
    const places = await this.sites.placeMany([...codes].map((code) => ({ level: 'system', code })));
    return [...places.values()].sort((one, other) => one.name.localeCompare(other.name));
  }

  /** One's own sites of a system: all of them for a coordinator of the system. */
  private pictureOf(
    actor: SignedIn,
    scopes: MyScope[],
    code: string,
    filter: { text?: string; page: number },
  ): Promise<SystemPicture> {
    const here = scopes.map(({ assignment }) => assignment).filter(({ systemCode }) => systemCode === code);
    const siteCodes = here.some(({ reach }) => reach === 'system')
      ? undefined
      : here.flatMap((one) => [...one.siteCodes]);
    return this.coverage.system(actor, code, { ...filter, siteCodes });
  }
}

/** How many requests wait, by the site or the whole system they are for. */
function countedBy(loads: PlaceLoad[]): { waiting: Map<string, number>; waitingWhole: Map<string, number> } {
  const at = (wanted: PlaceLoad['level']): Map<string, number> =>
    new Map(loads.flatMap(({ level, code, open }) => (level === wanted ? [[code, open]] : [])));
  return { waiting: at('site'), waitingWhole: at('system') };
}
