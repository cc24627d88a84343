import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountsService, accountsProblems, AddressChangeService } from '#accounts';
import type { Actor, SignedIn } from '#kernel';
import { Access, checkForm, CurrentActor, Pages, type PageRequest, webProblems } from '#web';
import { Answers } from '../answers.js';
import { expectNoFields } from '../empty-form.js';
import { LinkCookies } from '../link-cookies.js';
import { ChangeAddressForm } from './account.form.js';
import { ChangeAddressPage } from './account.pages.js';
import { AddressDonePage, ConfirmAddressPage } from './address.pages.js';

/** Another e-mail address: asked for when signed in, proven by the link that goes to it. */
@Controller()
export class AddressController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly changes: AddressChangeService,
    private readonly links: LinkCookies,
    private readonly pages: Pages,
    private readonly answers: Answers,
  ) {}

  @Get('account/address')
  @Access('signed-in')
  show(@Req() request: PageRequest, @CurrentActor() actor: SignedIn): Promise<string> {
    return this.addressOf(actor).then((email) =>
      this.pages.draw(request, (frame) => <ChangeAddressPage frame={frame} email={email} />),
    );
  }

  @Post('account/address')
  @Access('signed-in')
  async ask(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    try {
      const { value: form, faults } = await checkForm(ChangeAddressForm, body);
      if (faults) throw accountsProblems.unfit('Check the fields that are marked.', { errors: faults });
      await this.changes.ask(actor, form);
    } catch (fault) {
      const email = await this.addressOf(actor);
      return this.answers.again(request, response, fault, (frame, faults) => (
        <ChangeAddressPage frame={frame} email={email} faults={faults} typed={body} />
      ));
    }
    response.redirect(303, '/account?done=address');
  }

  @Get('address')
  @Access('anyone')
  async look(@Req() request: PageRequest, @Query('token') token: unknown, @Res() response: Response): Promise<void> {
    if (token !== undefined) {
      this.links.keep(response, 'change-address', token);
      return response.redirect(303, '/address');
    }
    const email = await this.changes.look(this.links.of(request, 'change-address'));
    await this.answers.page(request, response, (frame) => <ConfirmAddressPage frame={frame} email={email} />);
  }

  @Post('address')
  @Access('anyone')
  async confirm(
    @Req() request: PageRequest,
    @CurrentActor() actor: Actor,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    expectNoFields(body);
    await this.changes.confirm(actor, this.links.of(request, 'change-address'));
    this.links.drop(response, 'change-address');
    response.redirect(303, '/address/done');
  }

  @Get('address/done')
  @Access('anyone')
  done(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <AddressDonePage frame={frame} />);
  }

  private async addressOf(actor: SignedIn): Promise<string> {
    const account = await this.accounts.findActive(actor.accountId);
    if (!account) throw webProblems.signedOut('Sign in first; then this page opens.');
    return account.email;
  }
}
