import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CatalogService } from '#catalog';
import { AccessList, PeopleQueries } from '#compliance';
import { GrantVerbs } from '#grants';
import { Clock, localDay, type SignedIn } from '#kernel';
import { Access, checkForm, CurrentActor, mustTellOnPage, type PageRequest, Pages, Repeat } from '#web';
import { dayAfter } from '../parts/days.js';
import { accessCsv } from './access-csv.js';
import { peopleAddress, readFilter } from './people-filter.js';
import { RenewForm } from './people.forms.js';
import { type PeopleAnswer, PeoplePage } from './people.page.js';
import { RenewedPage } from './renewed.page.js';

/** Who has access at the sites somebody looks after, and how to find a person. */
@Controller('people')
@Access('coordinator')
export class PeopleController {
  constructor(
    private readonly list: AccessList,
    private readonly people: PeopleQueries,
    private readonly grants: GrantVerbs,
    private readonly catalog: CatalogService,
    private readonly clock: Clock,
    private readonly pages: Pages,
  ) {}

  @Get()
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.draw(request, actor, query, {});
  }

  /** Each permission with its own outcome; one that is not the reader's refuses them all. */
  @Post('renew')
  @Repeat('own')
  async renew(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (status: number, answer: PeopleAnswer): Promise<void> => {
      const html = await this.draw(request, actor, query, { ...answer, typed: body });
      response.status(status).type('html').send(html);
    };
    const { value: form, faults } = await checkForm(RenewForm, body);
    if (faults) return again(422, { faults });
    const { after, ...filter } = readFilter(query);
    try {
      const results = await this.grants.renewMany(actor, form.grant, dayAfter(form.lastDay));
      const rows = await this.list.some(actor, form.grant);
      const model = { rows, results, lastDay: form.lastDay, back: peopleAddress('/people', filter, after) };
      const html = await this.pages.draw(request, (frame) => <RenewedPage frame={frame} {...model} />);
      response.status(200).type('html').send(html);
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409, 422]);
      await again(problem.status, { problem });
    }
  }

  @Get('access.csv')
  async file(
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { after: _, ...filter } = readFilter(query);
    const text = accessCsv(await this.list.all(actor, filter));
    response
      .type('text/csv; charset=utf-8')
      .attachment(`access-${localDay(this.clock.now())}.csv`)
      .send(text);
  }

  private async draw(
    request: PageRequest,
    actor: SignedIn,
    query: Record<string, unknown>,
    answer: PeopleAnswer,
  ): Promise<string> {
    const { after, ...filter } = readFilter(query);
    const model = {
      ...answer,
      filter,
      after,
      page: await this.list.page(actor, filter, after),
      found: filter.text && after === undefined ? await this.people.find(actor, filter.text) : [],
      applications: this.catalog.applications().map(({ code, name }) => ({ code, name })),
    };
    return this.pages.draw(request, (frame) => <PeoplePage frame={frame} {...model} />);
  }
}
