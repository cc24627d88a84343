import { Controller, Get, Query, Req } from '@nestjs/common';
import type { SignedIn } from '#kernel';
import { RequestLists } from '#requests';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { cutOf } from '../parts/key-pager.js';
import { MyRequestsPage } from './my-requests.page.js';

/** Everything a person ever asked for, a page at a time; the home page shows the newest. */
@Controller('requests')
@Access('signed-in')
export class MyRequestsController {
  constructor(
    private readonly lists: RequestLists,
    private readonly pages: Pages,
  ) {}

  @Get()
  async show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const page = await this.lists.minePage(actor.accountId, cutOf(query));
    return this.pages.draw(request, (frame) => <MyRequestsPage frame={frame} page={page} />);
  }
}
