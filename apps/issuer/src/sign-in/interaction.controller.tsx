import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { accountsProblems, PasswordSignIn } from '#accounts';
import { type Actor, days, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { OidcHost } from '#tokens';
import { Access, checkForm, cookieName, cookieOf, CurrentActor, type PageRequest } from '#web';
import { Answers } from '../answers.js';
import { SignInForm } from './sign-in.form.js';
import { SignInPage } from './sign-in.page.js';

/** Where an application sends people to prove who they are. */
@Controller('interaction/:uid')
@Access('anyone')
export class InteractionController {
  private readonly deviceCookie: string;
  private readonly secure: boolean;

  constructor(
    private readonly oidc: OidcHost,
    private readonly signIn: PasswordSignIn,
    private readonly answers: Answers,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.deviceCookie = cookieName(settings.ISSUER_ORIGIN, 'edlink_issuer_device');
    this.secure = settings.ISSUER_ORIGIN.startsWith('https://');
  }

  @Get()
  async show(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    const open = await this.oidc.interaction(request, response);
    if (open.prompt !== 'login') return this.oidc.refuse(request, response, 'access_denied', open.explanation);
    await this.answers.page(request, response, (frame) => <SignInPage frame={frame} open={open} />);
  }

  @Post()
  async prove(
    @Req() request: PageRequest,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const open = await this.oidc.interaction(request, response);
    if (open.prompt !== 'login') return this.oidc.refuse(request, response, 'access_denied', open.explanation);
    try {
      const { value: form, faults } = await checkForm(SignInForm, body);
      if (faults) throw accountsProblems.unfit('Check the fields that are marked.', { errors: faults });
      const { account, authTime, device } = await this.signIn.signIn(actor, {
        name: form.name,
        password: form.passphrase,
        device: cookieOf(request, this.deviceCookie),
      });
      response.cookie(this.deviceCookie, device, {
        httpOnly: true,
        secure: this.secure,
        sameSite: 'lax',
        path: '/',
        maxAge: days(180),
      });
      await this.oidc.finishSignIn(request, response, { accountId: account.id, authTime, amr: ['pwd'] });
    } catch (fault) {
      await this.answers.again(request, response, fault, (frame, faults) => (
        <SignInPage frame={frame} open={open} faults={faults} typed={body} />
      ));
    }
  }
}
