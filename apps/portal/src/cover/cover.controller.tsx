import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { coordinatorsProblems, CoverService } from '#coordinators';
import { type FieldFault, kernelProblems, Problem, type SignedIn } from '#kernel';
import { Access, checkForm, CurrentActor, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { ConfirmedChanges } from '../parts/confirmed-changes.js';
import { dayAfter, readableDay } from '../parts/days.js';
import { NewCoverForm } from './cover.form.js';
import { CoverOffers } from './cover-offers.js';
import { CoverListPage, NotSigned } from './cover-list.page.js';
import { CoverFormPage, type CoverOffer, FindCoverPage } from './new-cover.pages.js';

const notices: Record<string, string> = {
  named: 'The cover is named, and both of you are told.',
  ended: 'The cover has ended. What waits comes back by itself.',
};

/** Who decides in a coordinator's place while he is away; also for those who stand in from next week on. */
@Controller('cover')
@Access('signed-in')
export class CoverController {
  constructor(
    private readonly covers: CoverService,
    private readonly offers: CoverOffers,
    private readonly changes: ConfirmedChanges,
    private readonly pages: Pages,
  ) {}

  @Get()
  list(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Query('done') done: unknown): Promise<string> {
    const notice = noticeOf(notices, done);
    return this.drawList(request, actor, { notice });
  }

  /** First whom to name, then for which days. */
  @Get('new')
  async step(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const [scopeId, person, text] = ['for', 'person', 'q'].map((name) => query[name] ?? '');
    if (typeof scopeId !== 'string' || typeof person !== 'string' || typeof text !== 'string')
      throw kernelProblems.badInput('The address holds something twice. Open Cover again.');
    const scope = await this.offers.scope(actor, scopeId);
    const offer = person ? await this.offers.offer(actor, scope, person) : undefined;
    if (offer) return this.pages.draw(request, (frame) => <CoverFormPage frame={frame} offer={offer} />);
    const found = text.trim() ? await this.covers.candidates(actor, scopeId, text.slice(0, 100)) : undefined;
    return this.pages.draw(request, (frame) => <FindCoverPage frame={frame} scope={scope} text={text} found={found} />);
  }

  /** Without a plan's hash: shows what would happen. With it: names the cover. */
  @Post()
  @Repeat('once')
  async name(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(NewCoverForm, body);
    const scope = await this.offers.scope(actor, String(body.for));
    const offer = await this.offers.offer(actor, scope, String(body.person));
    if (!offer)
      throw coordinatorsProblems.notFound(
        'Nobody who may stand in for you is meant. Open Cover again and search by name.',
      );
    const again = (answer: { faults?: FieldFault[]; problem?: Problem }): Promise<string> =>
      this.pages.draw(request, (frame) => <CoverFormPage frame={frame} offer={offer} typed={body} {...answer} />);
    if (!form) {
      response
        .status(422)
        .type('html')
        .send(await again({ faults }));
      return;
    }
    await this.changes.handle(request, response, {
      actor,
      ...confirmed(form, offer),
      planHash: form.planHash,
      done: '/cover?done=named',
      again: (problem) => again({ problem, faults: problem.errors }),
    });
  }

  @Post(':id/end')
  @Repeat('once')
  async end(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    try {
      await this.covers.end(actor, id);
      response.redirect(303, '/cover?done=ended');
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 409) throw problem;
      const page = await this.drawList(request, actor, { problem });
      response.status(409).type('html').send(page);
    }
  }

  private async drawList(
    request: PageRequest,
    actor: SignedIn,
    answer: { notice?: string; problem?: Problem },
  ): Promise<string> {
    const covers = await this.offers.listed(actor);
    const scopes = await this.offers.coverable(actor);
    return this.pages.draw(request, (frame) => <CoverListPage frame={frame} {...covers} scopes={scopes} {...answer} />);
  }
}

/** The change, and how the page that asks for the last word tells it. */
function confirmed(
  { fromDay, lastDay, application, site, ...form }: NewCoverForm,
  { scope, person, ...offer }: CoverOffer,
) {
  const limit = offer.applications.find(({ code }) => code === application);
  const names = site?.map((code) => offer.sites?.find((each) => each.code === code)?.name ?? code);
  const where = `${names?.length ? ` at ${names.join(', ')}` : ''}${limit ? `, for ${limit.name} only` : ''}`;
  return {
    change: {
      kind: 'cover' as const,
      coordinatorId: form.for,
      staffMemberId: form.person,
      siteCodes: site?.length ? site : undefined,
      application: application || undefined,
      fromDay,
      toDay: dayAfter(lastDay),
    },
    confirm: {
      title: 'Name a cover: check',
      about: (
        <>
          <bdi>{person.name}</bdi> decides in your place as coordinator {scope.words}
          {where}, from {readableDay(fromDay)} to {readableDay(lastDay)}.{' '}
          {person.unsigned && <NotSigned name={person.name} />}
        </>
      ),
      action: '/cover',
      fields: { for: form.for, person: form.person, fromDay, lastDay, application, site },
      button: 'Name this cover',
      back: `/cover/new?${new URLSearchParams({ for: form.for, person: form.person })}`,
    },
  };
}
