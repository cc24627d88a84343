import { Controller, Get, Req } from '@nestjs/common';
import type { SignedIn } from '#kernel';
import { RequestFigures } from '#requests';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { ChartsPage } from './charts.page.js';

/** How requests go where the reader decides: of the whole state for the state office. */
@Controller('charts')
@Access('coordinator')
export class ChartsController {
  constructor(
    private readonly figures: RequestFigures,
    private readonly pages: Pages,
  ) {}

  @Get()
  async show(@Req() request: PageRequest, @CurrentActor() actor: SignedIn): Promise<string> {
    const figures = await this.figures.of(actor);
    return this.pages.draw(request, (frame) => <ChartsPage frame={frame} figures={figures} />);
  }
}
