import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountsService, accountsProblems, PassphraseChange } from '#accounts';
import type { SignedIn } from '#kernel';
import { OidcHost } from '#tokens';
import { Access, checkForm, CurrentActor, type PageRequest, webProblems } from '#web';
import { Answers } from '../answers.js';
import { expectNoFields } from '../empty-form.js';
import { ChangePassphraseForm } from './account.form.js';
import { AccountPage, ChangePassphrasePage } from './account.pages.js';

/** One's own account. */
@Controller('account')
@Access('signed-in')
export class AccountController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly passphrases: PassphraseChange,
    private readonly oidc: OidcHost,
    private readonly answers: Answers,
  ) {}

  @Get()
  async show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query('done') done: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const account = await this.accounts.findActive(actor.accountId);
    if (!account) throw webProblems.signedOut('Sign in first; then this page opens.');
    await this.answers.page(request, response, (frame) => <AccountPage frame={frame} account={account} done={done} />);
  }

  @Get('passphrase')
  passphrase(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    return this.answers.page(request, response, (frame) => <ChangePassphrasePage frame={frame} />);
  }

  /** Ends every session; this browser goes on with a new one (PW-6). */
  @Post('passphrase')
  async change(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    try {
      const { value: form, faults } = await checkForm(ChangePassphraseForm, body);
      if (faults) throw accountsProblems.unfit('Check the fields that are marked.', { errors: faults });
      const authTime = await this.passphrases.change(actor, form);
      await this.oidc.startSession(request, response, { accountId: actor.accountId, authTime, amr: ['pwd'] });
    } catch (fault) {
      return this.answers.again(request, response, fault, (frame, faults) => (
        <ChangePassphrasePage frame={frame} faults={faults} />
      ));
    }
    response.redirect(303, '/account?done=passphrase');
  }

  @Post('sign-out-everywhere')
  async signOutEverywhere(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    expectNoFields(body);
    await this.accounts.signOutEverywhere(actor);
    await this.oidc.signOut(request, response);
    response.setHeader('Clear-Site-Data', '"cache", "cookies", "storage"');
    response.redirect(303, '/signed-out');
  }
}
