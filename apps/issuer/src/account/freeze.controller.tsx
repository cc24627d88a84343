import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountFreeze } from '#accounts';
import type { Actor } from '#kernel';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { Answers } from '../answers.js';
import { expectNoFields } from '../empty-form.js';
import { LinkCookies } from '../link-cookies.js';
import { FreezePage, FrozenPage } from './address.pages.js';

/** "This was not me", from the mail that tells of a change. */
@Controller('not-me')
@Access('anyone')
export class FreezeController {
  constructor(
    private readonly freezing: AccountFreeze,
    private readonly links: LinkCookies,
    private readonly pages: Pages,
    private readonly answers: Answers,
  ) {}

  @Get()
  async show(@Req() request: PageRequest, @Query('token') token: unknown, @Res() response: Response): Promise<void> {
    if (token !== undefined) {
      this.links.keep(response, 'not-me', token);
      return response.redirect(303, '/not-me');
    }
    await this.freezing.look(this.links.of(request, 'not-me'));
    await this.answers.page(request, response, (frame) => <FreezePage frame={frame} />);
  }

  @Post()
  async freeze(
    @Req() request: PageRequest,
    @CurrentActor() actor: Actor,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    expectNoFields(body);
    await this.freezing.freeze(actor, this.links.of(request, 'not-me'));
    this.links.drop(response, 'not-me');
    response.redirect(303, '/not-me/done');
  }

  @Get('done')
  done(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <FrozenPage frame={frame} />);
  }
}
