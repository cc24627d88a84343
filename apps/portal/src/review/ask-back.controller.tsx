import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { kernelProblems, type SignedIn } from '#kernel';
import { RequestQuestions, RequestSuggestions } from '#requests';
import { Access, checkForm, CurrentActor, mustTellOnPage, type PageRequest, Repeat } from '#web';
import { QuestionForm } from '../requests/question.form.js';
import { type ReviewAnswer, ReviewPages } from './review-pages.js';
import { SuggestForm } from './suggest.form.js';

type Again = (status: number, answer: ReviewAnswer) => Promise<void>;
type Fields = Record<string, unknown>;

/** What whoever decides asks and offers the person who asked, before deciding. */
@Controller('review/:id')
@Access('decider')
export class AskBackController {
  constructor(
    private readonly suggestions: RequestSuggestions,
    private readonly questions: RequestQuestions,
    private readonly reviewPages: ReviewPages,
  ) {}

  @Post('ask')
  @Repeat('once')
  async ask(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Fields,
    @Res() response: Response,
  ): Promise<void> {
    const again = this.reviewPages.againWith(request, actor, id, response);
    const { value: form, faults } = await checkForm(QuestionForm, body);
    if (faults?.some(({ field }) => field !== 'question'))
      throw kernelProblems.badInput('Load the page again and send the question once more.');
    if (faults) return again(422, { faults, typed: body });
    const { question, line: lineIds } = form;
    const done = await tried(request, again, body, () => this.questions.ask(actor, id, { question, lineIds }));
    if (done) response.redirect(303, `/review/${id}?done=asked`);
  }

  /** Offers the requester to ask for the whole school system; only the requester can turn it into that. */
  @Post('suggest')
  @Repeat('once')
  async suggest(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Fields,
    @Res() response: Response,
  ): Promise<void> {
    const again = this.reviewPages.againWith(request, actor, id, response);
    const { value: form, faults } = await checkForm(SuggestForm, body);
    if (faults?.some(({ field }) => field === 'version'))
      throw kernelProblems.badInput('Load the page again and press the button once more.');
    if (faults) return again(422, { faults, typed: body });
    const { version, note } = form;
    const done = await tried(request, again, body, () =>
      this.suggestions.suggestSystem(actor, id, { version, note: note?.trim() || undefined }),
    );
    if (done) response.redirect(303, `/review/${id}?done=offered`);
  }
}

/** @returns whether it was done; when not, the page was sent again with why */
async function tried(
  request: PageRequest,
  again: Again,
  typed: Fields,
  deed: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await deed();
    return true;
  } catch (problem) {
    mustTellOnPage(request, problem, [409, 422]);
    // A fault stands beside its field.
    await again(problem.status, { ...(problem.errors ? { faults: problem.errors } : { problem }), typed });
    return false;
  }
}
