import { Controller, Get, Req } from '@nestjs/common';
import { DesignationService } from '#coordinators';
import type { SignedIn } from '#kernel';
import { Coverage } from '#oversight';
import { RequestLists } from '#requests';
import { Disagreements, RegisterChanges } from '#sites';
import { StaffService } from '#staff';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { type OfficeTasks, OverviewPage } from './overview.page.js';

/** Where the state office begins its day. */
@Controller('state')
@Access('state-desk')
export class OverviewController {
  constructor(
    private readonly coverage: Coverage,
    private readonly requests: RequestLists,
    private readonly designations: DesignationService,
    private readonly changes: RegisterChanges,
    private readonly disagreements: Disagreements,
    private readonly staff: StaffService,
    private readonly pages: Pages,
  ) {}

  @Get()
  async overview(@Req() request: PageRequest, @CurrentActor() actor: SignedIn): Promise<string> {
    const numbers = await this.coverage.overview(actor);
    const tasks = await this.tasks(actor);
    return this.pages.draw(request, (frame) => <OverviewPage frame={frame} numbers={numbers} tasks={tasks} />);
  }

  private async tasks(actor: SignedIn): Promise<OfficeTasks> {
    const changes = [...(await this.changes.list('previewed')), ...(await this.changes.list('waits-for-second'))];
    return {
      requests: await this.requests.waitingCount(actor, { asked: false }),
      designations: await this.designations.waitingCount(actor),
      registerChanges: changes.length,
      disagreements: await this.disagreements.count(),
      disputes: (await this.staff.disputes()).length,
    };
  }
}
