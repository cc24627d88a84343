import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { kernelProblems, type Problem, type SignedIn } from '#kernel';
import { StaffFeedHolds, StaffService } from '#staff';
import { Access, checkForm, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { StaffFileForm } from './people.forms.js';
import { type HeldFile, StaffFilesPage } from './staff-files.page.js';

const notices: Record<string, string> = {
  confirmed: 'Confirmed. Whoever gave the file in can apply it now.',
  refused: 'Refused. Nothing was written; tell whoever gave the file in.',
};

/** People listed for a file; the rest is counted. */
const shown = 100;

/** Staff files that would end the employment of many: the state office is the second person. */
@Controller('people/staff-files')
@Access('state-desk')
export class StaffFilesController {
  constructor(
    private readonly holds: StaffFeedHolds,
    private readonly staff: StaffService,
    private readonly pages: Pages,
  ) {}

  @Get()
  list(@Req() request: PageRequest, @Query('done') done: unknown): Promise<string> {
    const notice = noticeOf(notices, done);
    return this.draw(request, { notice });
  }

  @Post()
  @Repeat('once')
  async answer(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form } = await checkForm(StaffFileForm, body);
    if (!form) throw kernelProblems.badInput('The form was damaged. Load the page again and send it once more.');
    try {
      await this.holds.answer(actor, form.id, form.answer);
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409]);
      const html = await this.draw(request, { problem });
      response.status(problem.status).type('html').send(html);
      return;
    }
    response.redirect(303, `/people/staff-files?done=${form.answer}`);
  }

  private async draw(request: PageRequest, answer: { notice?: string; problem?: Problem }): Promise<string> {
    const files: HeldFile[] = [];
    for (const hold of await this.holds.list()) {
      const people = await this.staff.membersByIds(hold.leavers.slice(0, shown));
      const names = [...people.values()].map(({ firstName, lastName, staffId }) => ({
        name: `${firstName} ${lastName}`,
        staffId,
      }));
      names.sort((one, other) => one.name.localeCompare(other.name));
      files.push({ ...hold, people: names, more: hold.leavers.length - names.length });
    }
    return this.pages.draw(request, (frame) => <StaffFilesPage frame={frame} files={files} {...answer} />);
  }
}
