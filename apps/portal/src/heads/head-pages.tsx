import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { DesignationService, HeadsService } from '#coordinators';
import { type FieldFault, kernelProblems, newId, type Problem, type SignedIn } from '#kernel';
import { Coverage } from '#oversight';
import { locationKey, SitesService } from '#sites';
import { StaffService } from '#staff';
import { Pages, type PageRequest } from '#web';
import { DesignatePage, type DesignatePageProps } from './designate.page.js';

/** What stood against a form, and what was typed into it. */
export interface HeadAnswer {
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** The page on which a head designates. */
@Injectable()
export class HeadPages {
  constructor(
    private readonly staff: StaffService,
    private readonly heads: HeadsService,
    private readonly sites: SitesService,
    private readonly catalog: CatalogService,
    private readonly designations: DesignationService,
    private readonly coverage: Coverage,
    private readonly pages: Pages,
  ) {}

  /**
   * @param wanted code of the system, when the person heads several
   * @throws kernel.not-found (404) for a system the person does not head
   */
  async draw(request: PageRequest, actor: SignedIn, wanted: unknown, answer: HeadAnswer): Promise<string> {
    const systems = await this.systemsOf(actor);
    const own = wanted === undefined ? systems[0] : systems.find(({ systemCode }) => systemCode === wanted);
    if (!own) throw kernelProblems.notFound('You do not head this school system. Open Designate from the menu.');
    const system = own.systemCode;
    const { coordinators } = await this.coverage.system(actor, system);
    const model = {
      systems,
      system,
      sites: [...(await this.sites.sitesOf(system)), ...(await this.sites.servedBy(system))].filter(({ open }) => open),
      applications: this.catalog.applications().filter((each) => each.requestable),
      designations: (await this.designations.list(actor)).filter((one) =>
        systems.some(({ systemCode }) => systemCode === one.system.code),
      ),
      formKey: newId(),
      vacant: !coordinators.some((one) => one.reach === 'system' && !one.application && !one.hindrance),
    };
    return this.pages.draw(request, (frame) => <DesignatePage frame={frame} {...model} {...answer} />);
  }

  private async systemsOf(actor: SignedIn): Promise<DesignatePageProps['systems']> {
    const member = await this.staff.memberOf(actor.accountId);
    const headed = member ? await this.heads.systemsHeadedBy(member.id) : [];
    const places = await this.sites.placeMany(headed.map(({ systemCode: code }) => ({ level: 'system', code })));
    return headed.map((one) => ({
      ...one,
      systemName: places.get(locationKey({ level: 'system', code: one.systemCode }))?.name ?? one.systemCode,
    }));
  }
}
