import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { accountsProblems, RegistrationService } from '#accounts';
import { type Actor, type FieldFault, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { Access, checkForm, CurrentActor, Pages, type PageRequest } from '#web';
import { Answers } from '../answers.js';
import { LinkCookies } from '../link-cookies.js';
import { ConfirmedPage, ConfirmPage } from './confirm.pages.js';
import { ConfirmForm } from './confirm.form.js';

/** The end of registering: the link from the mail. Opening it changes nothing, the button does (RS-7). */
@Controller('confirm')
@Access('anyone')
export class ConfirmController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly links: LinkCookies,
    private readonly pages: Pages,
    private readonly answers: Answers,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  async show(@Req() request: PageRequest, @Query('token') token: unknown, @Res() response: Response): Promise<void> {
    if (token !== undefined) {
      this.links.keep(response, 'confirm-address', token);
      return response.redirect(303, '/confirm');
    }
    await this.draw(request, response);
  }

  @Post()
  async confirm(
    @Req() request: PageRequest,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    try {
      const { value: form, faults } = await checkForm(ConfirmForm, body);
      if (faults) throw accountsProblems.unfit('Choose a user name.', { errors: faults });
      await this.registration.confirm(actor, this.links.of(request, 'confirm-address'), form.userName);
    } catch (fault) {
      const { code, errors } = fault as { code?: string; errors?: FieldFault[] };
      if (code !== accountsProblems.userNameTaken.code && code !== accountsProblems.unfit.code) throw fault;
      return this.draw(request, response, errors, body);
    }
    this.links.drop(response, 'confirm-address');
    response.redirect(303, '/confirm/done');
  }

  @Get('done')
  done(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <ConfirmedPage frame={frame} portal={this.settings.PORTAL_ORIGIN} />);
  }

  private async draw(
    request: PageRequest,
    response: Response,
    faults?: FieldFault[],
    typed?: Record<string, unknown>,
  ): Promise<void> {
    const pending = await this.registration.look(this.links.of(request, 'confirm-address'));
    await this.answers.page(
      request,
      response,
      (frame) => <ConfirmPage frame={frame} pending={pending} faults={faults} typed={typed} />,
      faults ? 422 : 200,
    );
  }
}
