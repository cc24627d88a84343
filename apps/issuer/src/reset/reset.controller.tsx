import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { accountsProblems, PassphraseReset } from '#accounts';
import { type Actor, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { Access, checkForm, CurrentActor, Pages, type PageRequest } from '#web';
import { Answers } from '../answers.js';
import { expectNoFields } from '../empty-form.js';
import { LinkCookies } from '../link-cookies.js';
import { ForgotForm, NewPassphraseForm } from './reset.form.js';
import { ForgotPage, ForgotSentPage, NewPassphrasePage, ResetDonePage, ResetPage } from './reset.pages.js';

/** A forgotten passphrase: ask, open the link, set a new one. Each step is checked in the database (RS-4). */
@Controller()
@Access('anyone')
export class ResetController {
  constructor(
    private readonly reset: PassphraseReset,
    private readonly links: LinkCookies,
    private readonly pages: Pages,
    private readonly answers: Answers,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get('forgot')
  forgot(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <ForgotPage frame={frame} />);
  }

  @Post('forgot')
  async ask(
    @Req() request: PageRequest,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(ForgotForm, body);
    if (faults)
      return this.answers.page(
        request,
        response,
        (frame) => <ForgotPage frame={frame} faults={faults} typed={body} />,
        422,
      );
    await this.reset.ask(actor, form.name);
    response.redirect(303, '/forgot/sent');
  }

  @Get('forgot/sent')
  sent(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <ForgotSentPage frame={frame} />);
  }

  @Get('reset')
  async show(@Req() request: PageRequest, @Query('token') token: unknown, @Res() response: Response): Promise<void> {
    if (token !== undefined) {
      this.links.keep(response, 'reset-passphrase', token);
      return response.redirect(303, '/reset');
    }
    await this.reset.look(this.links.of(request, 'reset-passphrase'));
    await this.answers.page(request, response, (frame) => <ResetPage frame={frame} />);
  }

  @Post('reset')
  async open(
    @Req() request: PageRequest,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    expectNoFields(body);
    const proof = await this.reset.open(actor, this.links.of(request, 'reset-passphrase'));
    this.links.drop(response, 'reset-passphrase');
    this.links.keep(response, 'reset-proof', proof);
    response.redirect(303, '/reset/passphrase');
  }

  @Get('reset/passphrase')
  async choose(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    const { userName } = await this.reset.checkProof(this.links.of(request, 'reset-proof'));
    await this.answers.page(request, response, (frame) => <NewPassphrasePage frame={frame} userName={userName} />);
  }

  @Post('reset/passphrase')
  async finish(
    @Req() request: PageRequest,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(NewPassphraseForm, body);
    const proof = this.links.of(request, 'reset-proof');
    const { userName } = await this.reset.checkProof(proof);
    try {
      if (faults) throw accountsProblems.unfit('Choose a passphrase.', { errors: faults });
      await this.reset.finish(actor, proof, form.passphrase);
    } catch (fault) {
      if ((fault as { code?: string }).code !== accountsProblems.unfit.code) throw fault;
      return this.answers.again(request, response, fault, (frame, faults) => (
        <NewPassphrasePage frame={frame} userName={userName} faults={faults} />
      ));
    }
    this.links.drop(response, 'reset-proof');
    response.redirect(303, '/reset/done');
  }

  @Get('reset/done')
  done(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <ResetDonePage frame={frame} portal={this.settings.PORTAL_ORIGIN} />);
  }
}
