import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Departures, PeopleQueries } from '#compliance';
import { Clock, localDay, type SignedIn } from '#kernel';
import { Access, checkForm, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { dayAfter } from '../parts/days.js';
import { EndPersonForm } from './people.forms.js';
import { type PersonAnswer, PersonPage } from './person.page.js';

const notices: Record<string, string> = {
  left: 'Ended. Below is what ended with it; the person is told.',
  stays: 'The employment is ended. The person is employed elsewhere, so access goes on.',
  'on-the-day': 'Saved. Everything ends with that day by itself.',
};

/** One person, for those whose scope covers a place of it; for others it is not there. */
@Controller('people/:id')
@Access('signed-in')
export class PersonController {
  constructor(
    private readonly people: PeopleQueries,
    private readonly departures: Departures,
    private readonly clock: Clock,
    private readonly pages: Pages,
  ) {}

  @Get()
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    const notice = noticeOf(notices, done);
    return this.draw(request, actor, id, { notice });
  }

  @Post('end')
  @Repeat('once')
  async end(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(EndPersonForm, body);
    if (faults) return this.again(request, response, actor, id, 422, { faults, typed: body });
    // Without a last day it ends now, so today is the first day no longer.
    const day = form.lastDay ? dayAfter(form.lastDay) : localDay(this.clock.now());
    await this.act(request, response, actor, id, { typed: body }, async () => {
      const { result } = await this.departures.end(actor, id, { day, reason: form.reason });
      return result;
    });
  }

  /** Does it, and shows the person; what the reader can mend, on the page itself. */
  private async act(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    id: string,
    sent: PersonAnswer,
    deed: () => Promise<string>,
  ): Promise<void> {
    try {
      const done = await deed();
      response.redirect(303, `/people/${id}?done=${done}`);
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409, 422]);
      const faults = problem.errors?.map((one) => (one.field === 'day' ? { ...one, field: 'lastDay' } : one));
      await this.again(request, response, actor, id, problem.status, {
        ...sent,
        ...(faults ? { faults } : { problem }),
      });
    }
  }

  private async again(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    id: string,
    status: number,
    answer: PersonAnswer,
  ): Promise<void> {
    const html = await this.draw(request, actor, id, answer);
    response.status(status).type('html').send(html);
  }

  private async draw(request: PageRequest, actor: SignedIn, id: string, answer: PersonAnswer): Promise<string> {
    const person = await this.people.person(actor, id);
    return this.pages.draw(request, (frame) => <PersonPage frame={frame} person={person} {...answer} />);
  }
}
