import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CatalogService } from '#catalog';
import { CoordinatorsService, DutiesService, DutyReading, type DutyView, HeadsService } from '#coordinators';
import { Clock, type FieldFault, localDay, newId, Problem, type SignedIn } from '#kernel';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { dayAfter } from '../parts/days.js';
import { DutiesPage, type DutiesPageProps, type ListedDuty } from './duties.page.js';
import { EndDutyForm, NameDutyForm } from './duty.forms.js';

const notices: Record<string, string> = {
  named: 'The person is named and told. Requests that need this duty go there from the first day on.',
  ended: 'The duty has ended, and the person is told. What waited goes to those who decide now.',
};

type Answer = Pick<DutiesPageProps, 'notice' | 'problem' | 'faults' | 'typed' | 'ending'>;

/** Who holds the duties of approval: for the state office, and for heads in their school systems. */
@Controller('duties')
@Access('duties')
export class ApprovalDutiesController {
  constructor(
    private readonly duties: DutiesService,
    private readonly reading: DutyReading,
    private readonly coordinators: CoordinatorsService,
    private readonly heads: HeadsService,
    private readonly staff: StaffService,
    private readonly sites: SitesService,
    private readonly catalog: CatalogService,
    private readonly clock: Clock,
    private readonly pages: Pages,
  ) {}

  @Get()
  list(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Query('done') done: unknown): Promise<string> {
    return this.draw(request, actor, { notice: noticeOf(notices, done) });
  }

  @Post()
  @Repeat('once')
  async name(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(NameDutyForm, body);
    await this.act(request, response, actor, { typed: body }, 'named', async () => {
      if (!form) return faults;
      const person = await this.staff.memberByStaffId(form.staffId.trim());
      const { duty, system, application, fromDay, lastDay } = form;
      try {
        await this.duties.name(actor, {
          duty,
          // Whether the number is anybody's, only those hear who may name somebody here: the verb asks that first (AC-2).
          staffMemberId: person?.id ?? newId(),
          systemCode: system,
          application,
          fromDay,
          toDay: lastDay && dayAfter(lastDay),
        });
      } catch (problem) {
        if (person || !(problem instanceof Problem) || problem.status !== 404) throw problem;
        return [{ field: 'staffId', message: 'Nobody has this Staff ID. Check the number' }];
      }
      return undefined;
    });
  }

  @Post(':id/end')
  @Repeat('once')
  async end(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(EndDutyForm, body);
    await this.act(request, response, actor, { typed: body, ending: id }, 'ended', async () => {
      if (!form) return faults;
      await this.duties.end(actor, id, form.reason);
      return undefined;
    });
  }

  /** Does a deed and goes back to the list; what stands against it is told there. */
  private async act(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    sent: Answer,
    done: string,
    deed: () => Promise<FieldFault[] | undefined>,
  ): Promise<void> {
    const again = async (status: number, answer: Answer): Promise<void> => {
      const html = await this.draw(request, actor, { ...sent, ...answer });
      response.status(status).type('html').send(html);
    };
    try {
      const faults = await deed();
      if (faults) return await again(422, { faults });
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409, 422]);
      return again(problem.status, { problem, faults: problem.errors });
    }
    response.redirect(303, `/duties?done=${done}`);
  }

  private async draw(request: PageRequest, actor: SignedIn, answer: Answer): Promise<string> {
    const member = (await this.staff.memberOf(actor.accountId))!;
    const desk = await this.coordinators.isStateDesk(member.id);
    const headed = (await this.heads.systemsHeadedBy(member.id)).map(({ systemCode }) => systemCode);
    const found: DutyView[] = [];
    for (const code of desk ? [undefined] : headed) found.push(...(await this.reading.list(code)));
    const codes = [...new Set([...headed, ...found.flatMap(({ systemCode }) => systemCode ?? [])])];
    const places = await this.sites.placeMany(codes.map((code) => ({ level: 'system', code })));
    const nameOf = (code: string): string => places.get(`system:${code}`)?.name ?? code;
    const model = {
      desk,
      systems: headed.map((code) => ({ code, name: nameOf(code) })),
      duties: found.map((one) => this.listed(one, nameOf)),
      applications: this.catalog
        .applications()
        .filter(({ requestable }) => requestable)
        .map(({ code, name }) => ({ code, name })),
      ...answer,
    };
    return this.pages.draw(request, (frame) => <DutiesPage frame={frame} {...model} />);
  }

  private listed(duty: DutyView, nameOf: (code: string) => string): ListedDuty {
    const today = localDay(this.clock.now());
    const over = duty.endedAt !== null || (duty.toDay !== null && duty.toDay <= today);
    return {
      ...duty,
      ...(duty.systemCode && { system: nameOf(duty.systemCode) }),
      ...(duty.application && { applicationName: this.catalog.names(duty.application).application }),
      standing: over ? 'ended' : duty.fromDay > today ? 'to come' : 'in force',
    };
  }
}
