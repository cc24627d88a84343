import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { OidcHost } from '#tokens';
import { Access, ButtonLink, Page, Pages, type PageRequest } from '#web';

/** Ends the session of this browser. Only a form of ours can; a link cannot (SE-6). */
@Controller()
@Access('anyone')
export class SignOutController {
  constructor(
    private readonly oidc: OidcHost,
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Post('sign-out')
  async signOut(@Req() request: PageRequest, @Res() response: Response): Promise<void> {
    await this.oidc.signOut(request, response);
    response.setHeader('Clear-Site-Data', '"cache", "cookies", "storage"');
    response.redirect(303, '/signed-out');
  }

  @Get('signed-out')
  signedOut(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => (
      <Page frame={frame} title="You are signed out">
        <p class="usa-intro">On a computer that others use, close the browser too.</p>
        <p>
          <ButtonLink href={`${this.settings.PORTAL_ORIGIN}/sign-in`}>Sign in again</ButtonLink>
        </p>
      </Page>
    ));
  }
}
