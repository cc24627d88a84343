import { Controller, Get, Query, Req } from '@nestjs/common';
import { kernelProblems, Problem } from '#kernel';
import { FindCoordinator } from '#oversight';
import { SitesService } from '#sites';
import { Access, Pages, type PageRequest } from '#web';
import { CoordinatorsAtPage, FindCoordinatorPage } from './find-coordinator.page.js';

/** "Find my coordinator", for everybody: the register is public, and so is who decides. */
@Controller('find-coordinator')
@Access('anyone')
export class FindCoordinatorController {
  constructor(
    private readonly finder: FindCoordinator,
    private readonly sites: SitesService,
    private readonly pages: Pages,
  ) {}

  @Get()
  async find(@Req() request: PageRequest, @Query() query: Record<string, unknown>): Promise<string> {
    const [text, level, code] = ['q', 'level', 'code'].map((name) => query[name]);
    if ([text, level, code].some((value) => value !== undefined && typeof value !== 'string'))
      throw kernelProblems.badInput('The address holds something twice. Look the place up again.');
    if (typeof code === 'string' && (level === 'system' || level === 'site'))
      return this.at(request, level, code.toUpperCase());
    const words = typeof text === 'string' ? text.trim().slice(0, 100) : undefined;
    const found = words ? await this.sites.search(words) : undefined;
    const fault = words === '' ? 'Type a name or a code to search for' : undefined;
    return this.pages.draw(request, (frame) => (
      <FindCoordinatorPage frame={frame} text={words} fault={fault} found={found} />
    ));
  }

  private async at(request: PageRequest, level: 'system' | 'site', code: string): Promise<string> {
    try {
      const answer = await this.finder.at({ level, code });
      return await this.pages.draw(request, (frame) => <CoordinatorsAtPage frame={frame} {...answer} />);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 422) throw problem;
      return this.pages.draw(request, (frame) => <FindCoordinatorPage frame={frame} fault={problem.detail} />);
    }
  }
}
