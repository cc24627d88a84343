import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { SignedIn } from '#kernel';
import { RequestsService } from '#requests';
import { Access, checkForm, CurrentActor, type PageRequest, Repeat } from '#web';
import { NoteForm } from './note.form.js';
import { RequestPages } from './request-pages.js';

/** One request, for the person who asked and for those who may decide it; to anybody else it is not there (AC-2). */
@Controller('requests/:id')
@Access('signed-in')
export class RequestsController {
  constructor(
    private readonly requests: RequestsService,
    private readonly requestPages: RequestPages,
  ) {}

  @Get()
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.requestPages.draw(request, actor, id, { done: typeof done === 'string' ? done : undefined });
  }

  @Post('withdraw')
  @Repeat('once')
  async withdraw(@CurrentActor() actor: SignedIn, @Param('id') id: string, @Res() response: Response): Promise<void> {
    await this.requests.withdraw(actor, id);
    response.redirect(303, `/requests/${id}?done=withdrawn`);
  }

  @Post('notes')
  @Repeat('once')
  async addNote(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(NoteForm, body);
    if (faults) {
      const page = await this.requestPages.draw(request, actor, id, { faults, typed: body });
      return void response.status(422).type('html').send(page);
    }
    try {
      await this.requests.addNote(actor, id, form.text);
    } catch (problem) {
      return this.requestPages.refused(request, actor, id, response, { problem, typed: body });
    }
    response.redirect(303, `/requests/${id}?done=noted`);
  }
}
