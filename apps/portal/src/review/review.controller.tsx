import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { VNode } from 'preact';
import { coordinatorsProblems } from '#coordinators';
import { type FieldFault, kernelProblems, Problem, type SignedIn } from '#kernel';
import { DecidingMany, RequestQueries, requestsProblems, RequestsService, RequestSuggestions } from '#requests';
import { Access, checkForm, CurrentActor, type PageFrame, type PageRequest, Pages, Repeat, webProblems } from '#web';
import { EmploymentPlaces } from '../requests/employment-places.js';
import { Visitors } from '../visitors.js';
import { decisionFormOf } from './decision.form.js';
import { reviewAddress, reviewViewOf } from './review-filter.js';
import { manyFormOf } from './many.form.js';
import { ManyResultsPage } from './many-results.page.js';
import { ReviewLists } from './review-lists.js';
import { ReviewPage } from './review.page.js';
import { SuggestForm } from './suggest.form.js';

interface Answer {
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

/** Where coordinators read and decide. Which requests are theirs, the requests lib says; all others are not there. */
@Controller('review')
@Access('coordinator')
export class ReviewController {
  constructor(
    private readonly requests: RequestsService,
    private readonly many: DecidingMany,
    private readonly queries: RequestQueries,
    private readonly suggestions: RequestSuggestions,
    private readonly employments: EmploymentPlaces,
    private readonly lists: ReviewLists,
    private readonly visitors: Visitors,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const notice = query.done === 'decided' ? 'Your decision is saved, and the person is told.' : undefined;
    return this.lists.draw(request, actor, reviewViewOf(query), { notice });
  }

  /** Approves or rejects what was ticked in the list; the answer says what became of each. */
  @Post('many')
  @Repeat('own')
  async decideMany(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const view = reviewViewOf(query);
    const send = (status: number, page: string): unknown => response.status(status).type('html').send(page);
    const { decisions, faults } = manyFormOf(body);
    try {
      if (faults.length) return void send(422, await this.lists.draw(request, actor, view, { faults, typed: body }));
      const results = await this.many.decideMany(actor, decisions);
      const back = reviewAddress(view.filter, view.cut);
      const page = (frame: PageFrame): VNode => <ManyResultsPage frame={frame} results={results} back={back} />;
      send(200, await this.pages.draw(request, page));
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 422) throw problem;
      send(422, await this.lists.draw(request, actor, view, { problem, typed: body }));
    }
  }

  @Get(':id')
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    const notice =
      done === 'offered' ? 'Your offer is sent. The person is told, and this request waits on.' : undefined;
    return this.draw(request, actor, id, { notice });
  }

  /** Open to whoever decided here until a moment ago: they hear what changed, not that the page is closed to them. */
  @Post(':id')
  @Repeat('once')
  @Access('signed-in')
  async decide(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = this.againWith(request, actor, id, response);
    const { version, decisions, faults } = decisionFormOf(body);
    if (faults.length && !(await this.visitors.isCoordinator(actor)))
      throw webProblems.notYours('Only coordinators decide requests. Nothing was saved.', {
        refusal: { action: 'request.decide', target: `request:${id.slice(0, 60)}` },
      });
    if (faults.length) return again(422, { faults, typed: body });
    try {
      await this.requests.decide(actor, id, { version, decisions });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.status === 422)
        return again(422, { faults: problem.errors ?? [{ field: 'decisions', message: problem.detail }], typed: body });
      // Somebody was faster, or something changed: the request as it is now, with what was typed.
      if (problem.status === 409) return again(409, { problem, typed: body });
      throw problem;
    }
    response.redirect(303, '/review?done=decided');
  }

  /** Offers the requester to ask for the whole school system; only the requester can turn it into that. */
  @Post(':id/suggest')
  @Repeat('once')
  async suggest(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = this.againWith(request, actor, id, response);
    const { value: form, faults } = await checkForm(SuggestForm, body);
    if (faults?.some(({ field }) => field === 'version'))
      throw kernelProblems.badInput('Load the page again and press the button once more.');
    if (faults) return again(422, { faults, typed: body });
    try {
      await this.suggestions.suggestSystem(actor, id, { version: form.version, note: form.note?.trim() || undefined });
    } catch (problem) {
      if (!(problem instanceof Problem) || ![409, 422].includes(problem.status)) throw problem;
      return again(problem.status, { problem, faults: problem.errors, typed: body });
    }
    response.redirect(303, `/review/${id}?done=offered`);
  }

  /** The page of a request once more, with what was wrong. */
  private againWith(request: PageRequest, actor: SignedIn, id: string, response: Response) {
    return async (status: number, answer: Answer): Promise<void> => {
      const page = isOver(answer.problem)
        ? await this.lists.draw(request, actor, reviewViewOf({}), { problem: answer.problem })
        : await this.draw(request, actor, id, answer);
      response.status(status).type('html').send(page);
    };
  }

  private async draw(request: PageRequest, actor: SignedIn, id: string, answer: Answer): Promise<string> {
    const view = await this.queries.view(actor, id);
    const siteCodes = view.requester.employments.map((each) => each.siteCode);
    const strange = await this.employments.strangeTo(
      siteCodes,
      view.lines.map(({ place }) => place),
    );
    const others = await this.lists.besides(actor, view);
    return this.pages.draw(request, (frame) => (
      <ReviewPage frame={frame} request={view} strange={strange} others={others} {...answer} />
    ));
  }
}

/** The request is none of the reader's any more: there is no page of it to show again. */
const isOver = (problem?: Problem): boolean =>
  [requestsProblems.noLongerYours.code, coordinatorsProblems.unsigned.code].includes(problem?.code ?? '');
