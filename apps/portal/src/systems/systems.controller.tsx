import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { CoordinatorHistory, HeadsService } from '#coordinators';
import { kernelProblems, type SignedIn } from '#kernel';
import { Coverage } from '#oversight';
import { StaffService } from '#staff';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { Visitors } from '../visitors.js';
import { SystemPage } from './system.page.js';

/** The picture of a school system, for those it concerns; for others it is not there. */
@Controller('systems')
@Access('signed-in')
export class SystemsController {
  constructor(
    private readonly coverage: Coverage,
    private readonly history: CoordinatorHistory,
    private readonly heads: HeadsService,
    private readonly staff: StaffService,
    private readonly visitors: Visitors,
    private readonly pages: Pages,
  ) {}

  @Get(':code')
  async show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('code') code: string,
    @Query('q') q: unknown,
    @Query('page') page: unknown,
  ): Promise<string> {
    if (q !== undefined && typeof q !== 'string')
      throw kernelProblems.badInput('The address holds "q" more than once. Open the page again.');
    const text = q?.trim().slice(0, 100) || undefined;
    const picture = await this.coverage.system(actor, code, { text, page: pageOf(page) });
    const model = {
      picture,
      text,
      history: await this.history.of(picture.system.code),
      desk: await this.visitors.isStateDesk(actor),
      head: await this.isHead(actor, picture.system.code),
    };
    return this.pages.draw(request, (frame) => <SystemPage frame={frame} {...model} />);
  }

  private async isHead(actor: SignedIn, code: string): Promise<boolean> {
    const member = await this.staff.memberOf(actor.accountId);
    return !!member && (await this.heads.headOf(code))?.staffMemberId === member.id;
  }
}

const pageOf = (page: unknown): number | undefined =>
  typeof page === 'string' && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : undefined;
