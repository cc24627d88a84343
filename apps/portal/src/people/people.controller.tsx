import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CatalogService } from '#catalog';
import { type AccessFilter, AccessList, PeopleQueries } from '#compliance';
import { Clock, kernelProblems, localDay, type SignedIn } from '#kernel';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { accessCsv } from './access-csv.js';
import { PeoplePage } from './people.page.js';

/** Who has access at the sites somebody looks after, and how to find a person. */
@Controller('people')
@Access('coordinator')
export class PeopleController {
  constructor(
    private readonly list: AccessList,
    private readonly people: PeopleQueries,
    private readonly catalog: CatalogService,
    private readonly clock: Clock,
    private readonly pages: Pages,
  ) {}

  @Get()
  async show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const { after, ...filter } = readFilter(query);
    const model = {
      filter,
      begun: after !== undefined,
      page: await this.list.page(actor, filter, after),
      found: filter.text && after === undefined ? await this.people.find(actor, filter.text) : [],
      applications: this.catalog.applications().map(({ code, name }) => ({ code, name })),
    };
    return this.pages.draw(request, (frame) => <PeoplePage frame={frame} {...model} />);
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
}

/** @throws Problem 400 when a parameter comes twice */
function readFilter(query: Record<string, unknown>): AccessFilter & { after?: string } {
  const one = (name: string): string | undefined => {
    const value = query[name] ?? '';
    if (typeof value !== 'string')
      throw kernelProblems.badInput(`The address holds "${name}" more than once. Open the list again.`);
    return value.trim().slice(0, 400) || undefined;
  };
  return {
    text: one('q')?.slice(0, 100),
    application: one('application'),
    siteCode: one('site')?.toUpperCase().slice(0, 30),
    after: one('after'),
  };
}
