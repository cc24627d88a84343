import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type FieldFault, Problem, type SignedIn } from '#kernel';
import { RequestQueries, RequestsService } from '#requests';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { EmploymentPlaces } from '../requests/employment-places.js';
import { decisionFormOf } from './decision.form.js';
import { ReviewListPage } from './review-list.page.js';
import { ReviewPage } from './review.page.js';

interface Answer {
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
    private readonly queries: RequestQueries,
    private readonly employments: EmploymentPlaces,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query('done') done: unknown,
  ): Promise<string> {
    const waiting = await this.queries.waitingFor(actor);
    return this.pages.draw(request, (frame) => (
      <ReviewListPage
        frame={frame}
        waiting={waiting}
        notice={done === 'decided' ? 'Your decision is saved, and the person is told.' : undefined}
      />
    ));
  }

  @Get(':id')
  show(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Param('id') id: string): Promise<string> {
    return this.draw(request, actor, id, {});
  }

  @Post(':id')
  async decide(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (status: number, answer: Answer): Promise<void> => {
      response
        .status(status)
        .type('html')
        .send(await this.draw(request, actor, id, answer));
    };
    const { version, decisions, faults } = decisionFormOf(body);
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

  private async draw(request: PageRequest, actor: SignedIn, id: string, answer: Answer): Promise<string> {
    const view = await this.queries.view(actor, id);
    const siteCodes = view.requester.employments.map((each) => each.siteCode);
    const employedThere = await this.employments.include(siteCodes, view.place);
    return this.pages.draw(request, (frame) => (
      <ReviewPage frame={frame} request={view} employedThere={employedThere} {...answer} />
    ));
  }
}
