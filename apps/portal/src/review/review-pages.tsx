import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { coordinatorsProblems } from '#coordinators';
import type { FieldFault, Problem, SignedIn } from '#kernel';
import { RequestQueries, requestsProblems } from '#requests';
import { type PageRequest, Pages } from '#web';
import { EmploymentPlaces } from '../requests/employment-places.js';
import { reviewViewOf } from './review-filter.js';
import { ReviewLists } from './review-lists.js';
import { ReviewPage } from './review.page.js';

/** What is shown with a request that is to be decided: what was just done, or what was wrong with what was sent. */
export interface ReviewAnswer {
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

/** Draws the page on which a request is decided. */
@Injectable()
export class ReviewPages {
  constructor(
    private readonly queries: RequestQueries,
    private readonly employments: EmploymentPlaces,
    private readonly lists: ReviewLists,
    private readonly pages: Pages,
  ) {}

  /** @throws requests.not-found (404) */
  async draw(request: PageRequest, actor: SignedIn, id: string, answer: ReviewAnswer): Promise<string> {
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

  /** The page of a request once more, with what was wrong. */
  againWith(request: PageRequest, actor: SignedIn, id: string, response: Response) {
    return async (status: number, answer: ReviewAnswer): Promise<void> => {
      const page = isOver(answer.problem)
        ? await this.lists.draw(request, actor, reviewViewOf({}), { problem: answer.problem })
        : await this.draw(request, actor, id, answer);
      response.status(status).type('html').send(page);
    };
  }
}

/** The request is none of the reader's any more: there is no page of it to show again. */
const isOver = (problem?: Problem): boolean =>
  [requestsProblems.noLongerYours.code, coordinatorsProblems.unsigned.code].includes(problem?.code ?? '');
