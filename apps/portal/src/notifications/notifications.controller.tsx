import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { IsISO8601 } from 'class-validator';
import type { Response } from 'express';
import { kernelProblems, type SignedIn } from '#kernel';
import { MessageList } from '#notifications';
import { Access, checkForm, CurrentActor, type PageRequest, Pages, Repeat } from '#web';
import { cutOf } from '../parts/key-pager.js';
import { NotificationsPage } from './notifications.page.js';

class ReadForm {
  /** The newest message of the page that was read. */
  @IsISO8601()
  until!: string;
}

@Controller('notifications')
@Access('signed-in')
export class NotificationsController {
  constructor(
    private readonly messages: MessageList,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const page = await this.messages.of(actor.accountId, cutOf(query));
    return this.pages.draw(request, (frame) => <NotificationsPage frame={frame} page={page} />);
  }

  /** What was on the page becomes read, and what is older. */
  @Post('read')
  @Repeat('harmless')
  async read(@CurrentActor() actor: SignedIn, @Body() body: unknown, @Res() response: Response): Promise<void> {
    const { value } = await checkForm(ReadForm, body);
    if (!value) throw kernelProblems.badInput('Load the page again and press the button once more.');
    await this.messages.markRead(actor.accountId, new Date(value.until));
    response.redirect(303, '/notifications');
  }
}
