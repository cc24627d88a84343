import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type FieldFault, kernelProblems, newId, Problem, type SignedIn } from '#kernel';
import { RequestsService } from '#requests';
import { locationKey, type PlacedLocation, SitesService } from '#sites';
import { type StaffPerson, StaffService } from '#staff';
import { Access, checkForm, CurrentActor, Pages, type PageRequest } from '#web';
import { CheckPage } from './check.page.js';
import { NewRequest, type NextStep } from './new-request.js';
import { ApplicationPage, NeedsStaffIdPage, PermissionsPage, PlacePage, RolePage } from './new-request.pages.js';
import { RequestForm } from './request.form.js';
import { type WishSoFar, wishOf } from './wish.js';

interface Answer {
  formKey?: string;
  why?: unknown;
  faults?: FieldFault[];
  problem?: Problem;
}

/** Asking for permissions, a step a page; nothing is kept before it is sent. */
@Controller('requests')
@Access('signed-in')
export class NewRequestController {
  constructor(
    private readonly newRequest: NewRequest,
    private readonly requests: RequestsService,
    private readonly staff: StaffService,
    private readonly sites: SitesService,
    private readonly pages: Pages,
  ) {}

  @Get('new')
  async step(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const member = await this.staff.memberOf(actor.accountId);
    if (!member) return this.pages.draw(request, (frame) => <NeedsStaffIdPage frame={frame} />);
    return this.draw(request, actor, member, await this.newRequest.nextStep(wishOf(query)));
  }

  @Post()
  async submit(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(RequestForm, body);
    if (faults && faults.some((fault) => fault.field !== 'why'))
      throw kernelProblems.badInput('The form came back damaged. Start the request again from the home page.');
    try {
      if (form) {
        const { application, role, permission: permissions, level, code, why, formKey } = form;
        const { id } = await this.requests.submit(actor, {
          application,
          role,
          permissions,
          location: { level, code },
          why: why?.trim() || undefined,
          formKey,
        });
        return response.redirect(303, `/requests/${id}?done=sent`);
      }
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status >= 500 || problem.status === 404) throw problem;
      return this.again(request, actor, body, response, { problem, faults: problem.errors });
    }
    await this.again(request, actor, body, response, { faults });
  }

  /** The check page once more, with what was typed and what was wrong. */
  private async again(
    request: PageRequest,
    actor: SignedIn,
    body: Record<string, unknown>,
    response: Response,
    answer: Answer,
  ): Promise<void> {
    const member = await this.staff.memberOf(actor.accountId);
    if (!member) throw answer.problem ?? kernelProblems.badInput('Link your Staff ID first.');
    const step = await this.newRequest.nextStep(wishOf({ ...body, asked: undefined }));
    const page = await this.draw(request, actor, member, step, {
      ...answer,
      why: body.why,
      formKey: String(body.formKey),
    });
    response
      .status(answer.problem?.status ?? 422)
      .type('html')
      .send(page);
  }

  private async draw(
    request: PageRequest,
    actor: SignedIn,
    member: StaffPerson,
    next: NextStep,
    answer: Answer = {},
  ): Promise<string> {
    const faults = [...next.faults, ...(answer.faults ?? [])];
    switch (next.step) {
      case 'application':
        return this.pages.draw(request, (frame) => <ApplicationPage frame={frame} {...next} faults={faults} />);
      case 'place': {
        const places = await this.placesFor(next.wish, member, next.application.levels);
        return this.pages.draw(request, (frame) => <PlacePage frame={frame} {...next} {...places} faults={faults} />);
      }
      case 'role':
        return this.pages.draw(request, (frame) => <RolePage frame={frame} {...next} faults={faults} />);
      case 'permissions':
        return this.pages.draw(request, (frame) => <PermissionsPage frame={frame} {...next} faults={faults} />);
      case 'check': {
        const { application, place, role, wish } = next;
        const lines = await this.requests.preview(actor, {
          application: application.code,
          role: role.code,
          permissions: wish.permissions,
          location: place,
        });
        const employedThere = (await this.employmentPlaces(member)).some(
          (each) => locationKey(each) === locationKey(place),
        );
        const check = {
          lines,
          employedThere,
          formKey: answer.formKey ?? newId(),
          why: answer.why,
          problem: answer.problem,
        };
        return this.pages.draw(request, (frame) => <CheckPage frame={frame} {...next} {...check} faults={faults} />);
      }
    }
  }

  /** Sites the person is employed at, and the systems of those sites: where most requests are for. */
  private async employmentPlaces(member: StaffPerson): Promise<PlacedLocation[]> {
    const employments = await this.staff.employmentsOf(member.id);
    const sites = [
      ...(await this.sites.placeMany(employments.map(({ siteCode }) => ({ level: 'site', code: siteCode })))).values(),
    ];
    const systems = await this.sites.placeMany(sites.map(({ system }) => ({ level: 'system', code: system.code })));
    return [...sites, ...systems.values()].filter((place) => place.open);
  }

  private async placesFor(
    wish: WishSoFar,
    member: StaffPerson,
    levels: readonly string[],
  ): Promise<{ own: PlacedLocation[]; found?: PlacedLocation[] }> {
    const fits = (place: PlacedLocation): boolean => levels.includes(place.level);
    return {
      own: (await this.employmentPlaces(member)).filter(fits),
      found: wish.search ? (await this.sites.search(wish.search)).filter(fits) : undefined,
    };
  }
}
