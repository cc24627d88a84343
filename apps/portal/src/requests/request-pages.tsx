import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { FieldFault, Problem, SignedIn } from '#kernel';
import { RequestQueries } from '#requests';
import { mustTellOnPage, noticeOf, type PageRequest, Pages } from '#web';
import { RequestPage } from './request.page.js';

const notices: Record<string, string> = {
  sent: 'Your request was sent. Whoever decides it was told by mail; you get a mail when it is decided.',
  withdrawn: 'What was still waiting is withdrawn.',
  declined: 'Your request goes on as it is, and the coordinator is told.',
  replaced: 'This request for the whole school system was sent in place of the one before.',
  taken: 'You took what was offered. "My access" says from when to when you have it.',
  noted: 'Your notification was added, and the other side is told.',
  answered: 'Your answer is sent. Whoever decides was told; you get a mail when it is decided.',
};

/** What is shown with a request: what was just done, or what was wrong with what was sent. */
export interface RequestAnswer {
  done?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** Draws the page of a request for the person who asked, and for those who may decide it. */
@Injectable()
export class RequestPages {
  constructor(
    private readonly queries: RequestQueries,
    private readonly pages: Pages,
  ) {}

  /** @throws requests.not-found (404) */
  async draw(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    { done, ...more }: RequestAnswer = {},
  ): Promise<string> {
    const view = await this.queries.view(actor, id);
    const open = view.lines.some((line) => line.status === 'pending');
    // Back, or a kept address, can say "sent" of a request that was decided or withdrawn since.
    const stale = (done === 'sent' || done === 'replaced' || done === 'answered') && !open;
    const notice = stale ? undefined : noticeOf(notices, done);
    return this.pages.draw(request, (frame) => <RequestPage frame={frame} request={view} notice={notice} {...more} />);
  }

  /** The page once more, with why a deed was refused; what is not about the request as it is now goes on as it came. */
  async refused(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    response: Response,
    { problem, typed }: { problem: unknown; typed: Record<string, unknown> },
  ): Promise<void> {
    mustTellOnPage(request, problem, [409, 422]);
    const answer = problem.errors ? { faults: problem.errors, typed } : { problem, typed };
    response
      .status(problem.status)
      .type('html')
      .send(await this.draw(request, actor, id, answer));
  }
}
