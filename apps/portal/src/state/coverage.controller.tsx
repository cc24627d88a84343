import { Controller, Get, Query, Req } from '@nestjs/common';
import type { SignedIn } from '#kernel';
import { Coverage, type CoverageFilter } from '#oversight';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { type CoverageAnswer, coverageQuery, type CoverageViewName } from './coverage-view.js';
import { CoveragePage } from './coverage.page.js';

/** Where the state has coordinators and where it has not. */
@Controller('state/coverage')
@Access('state-desk')
export class CoverageController {
  constructor(
    private readonly coverage: Coverage,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const { view, filter } = coverageQuery(query);
    const answer = await this.answer(actor, view, filter);
    return this.pages.draw(request, (frame) => <CoveragePage frame={frame} answer={answer} text={filter.text} />);
  }

  private async answer(actor: SignedIn, view: CoverageViewName, filter: CoverageFilter): Promise<CoverageAnswer> {
    switch (view) {
      case 'without':
        return { view, list: await this.coverage.withoutCoordinator(actor, filter) };
      case 'single':
        return { view, list: await this.coverage.single(actor, filter) };
      case 'applications':
        return { view, list: await this.coverage.onlyState(actor, filter) };
      case 'unserved':
        return { view, list: await this.coverage.unserved(actor, filter) };
      case 'unsigned':
        return { view, list: await this.coverage.coordinators(actor, { ...filter, only: 'unsigned' }) };
      case 'coordinators':
        return { view, list: await this.coverage.coordinators(actor, filter) };
    }
  }
}
