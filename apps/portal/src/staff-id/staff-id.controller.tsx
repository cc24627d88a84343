import { Body, Controller, Get, HttpStatus, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountsService } from '#accounts';
import { type FieldFault, Problem, SETTINGS, type SignedIn } from '#kernel';
import type { Settings } from '#settings';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, localPath, type PageRequest, Pages, Repeat } from '#web';
import { birthDateOf, StaffIdForm } from './staff-id.form.js';
import { LinkedPage, StaffIdPage } from './staff-id.page.js';

@Controller('staff-id')
@Access('signed-in')
export class StaffIdController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly staff: StaffService,
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  async show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query('next') next: unknown,
  ): Promise<string> {
    const member = await this.staff.memberOf(actor.accountId);
    if (member) return this.pages.draw(request, (frame) => <LinkedPage frame={frame} member={member} />);
    const account = await this.accounts.findActive(actor.accountId);
    return this.pages.draw(request, (frame) => (
      <StaffIdPage frame={frame} typed={{ firstName: account?.firstName, lastName: account?.lastName, next }} />
    ));
  }

  @Post()
  @Repeat('own')
  async link(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (faults: FieldFault[], problem?: Problem): Promise<void> => {
      const page = await this.pages.draw(request, (frame) => (
        <StaffIdPage frame={frame} faults={faults} problem={problem} typed={body} />
      ));
      if (problem?.retryAfter) response.setHeader('Retry-After', String(problem.retryAfter));
      response
        .status(problem?.status ?? HttpStatus.UNPROCESSABLE_ENTITY)
        .type('html')
        .send(page);
    };
    const { value: form, faults } = await checkForm(StaffIdForm, body);
    if (faults) return again(faults);
    const birthDate = birthDateOf(form);
    if (!birthDate) return again([{ field: 'birthDay', message: 'There is no such day. Check day, month and year' }]);
    try {
      await this.staff.link(actor, {
        staffId: form.staffId?.trim() || undefined,
        firstName: form.firstName,
        lastName: form.lastName,
        birthDate,
      });
    } catch (fault) {
      if (fault instanceof Problem && fault.status < 500) return again(fault.errors ?? [], fault);
      throw fault;
    }
    response.redirect(303, localPath(form.next, this.settings.PORTAL_ORIGIN, '/?linked=1'));
  }
}
