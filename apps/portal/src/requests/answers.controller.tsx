import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { kernelProblems, type SignedIn } from '#kernel';
import { LineOffers, RequestQuestions, RequestSuggestions } from '#requests';
import { Access, checkForm, CurrentActor, type PageRequest, Repeat } from '#web';
import { AnswerForm, OfferAnswerForm } from './answer.form.js';
import { QuestionAnswerForm } from './question.form.js';
import { RequestPages } from './request-pages.js';

/** What the person who asked answers whoever decides. */
@Controller('requests/:id')
@Access('signed-in')
export class AnswersController {
  constructor(
    private readonly suggestions: RequestSuggestions,
    private readonly questions: RequestQuestions,
    private readonly offers: LineOffers,
    private readonly requestPages: RequestPages,
  ) {}

  /** To a question. */
  @Post('answer')
  @Repeat('once')
  async answer(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(QuestionAnswerForm, body);
    if (faults?.some(({ field }) => field !== 'answer'))
      throw kernelProblems.badInput('Load the page again and send the answer once more.');
    if (faults) {
      const page = await this.requestPages.draw(request, actor, id, { faults, typed: body });
      return void response.status(422).type('html').send(page);
    }
    try {
      await this.questions.answer(actor, id, form);
    } catch (problem) {
      return this.requestPages.refused(request, actor, id, response, { problem, typed: body });
    }
    response.redirect(303, `/requests/${id}?done=answered`);
  }

  /** To the offer of less than was asked for. */
  @Post('offer')
  @Repeat('once')
  async answerOffer(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form } = await checkForm(OfferAnswerForm, body);
    if (!form) throw kernelProblems.badInput('Load the page again and choose one of the two answers.');
    const { offerId, answer, ends } = form;
    const accept = answer === 'accept';
    try {
      await this.offers.answer(actor, id, { offerId, accept, ends: ends?.split(',').filter(Boolean) });
    } catch (problem) {
      return this.requestPages.refused(request, actor, id, response, { problem, typed: {} });
    }
    response.redirect(303, `/requests/${id}?done=${accept ? 'taken' : 'declined'}`);
  }

  /** To the offer to ask for the whole school system. */
  @Post('suggestion')
  @Repeat('once')
  async answerSuggestion(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form } = await checkForm(AnswerForm, body);
    if (!form) throw kernelProblems.badInput('Load the page again and choose one of the two answers.');
    const accept = form.answer === 'accept';
    try {
      const made = await this.suggestions.answerSuggestion(actor, id, { suggestionId: form.suggestionId, accept });
      response.redirect(303, made ? `/requests/${made.id}?done=replaced` : `/requests/${id}?done=declined`);
    } catch (problem) {
      await this.requestPages.refused(request, actor, id, response, { problem, typed: {} });
    }
  }
}
