import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { coordinatorsProblems } from '#coordinators';
import { type FieldFault, type Problem, type SignedIn } from '#kernel';
import { Access, checkForm, CurrentActor, type PageRequest, Pages, Repeat } from '#web';
import { ConfirmedChanges } from '../parts/confirmed-changes.js';
import { dayAfter, readableDay } from '../parts/days.js';
import { type MyScope, MyScopes } from './my-scopes.js';
import { StandDownForm } from './stand-down.form.js';
import { StandDownPage } from './stand-down.page.js';

interface Answer {
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

/** A coordinator gives back an assignment: sees what would happen, then does exactly that. */
@Controller('my-scope/:id/stand-down')
@Access('signed-in')
export class StandDownController {
  constructor(
    private readonly scopes: MyScopes,
    private readonly changes: ConfirmedChanges,
    private readonly pages: Pages,
  ) {}

  @Get()
  async form(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Param('id') id: string): Promise<string> {
    return this.draw(request, await this.own(actor, id), {});
  }

  /** Without a plan's hash: shows what would happen. With it: stands down. */
  @Post()
  @Repeat('once')
  async standDown(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(StandDownForm, body);
    const scope = await this.own(actor, id);
    if (!form) {
      const page = await this.draw(request, scope, { faults, typed: body });
      response.status(422).type('html').send(page);
      return;
    }
    const { lastDay, reason, planHash } = form;
    const day = lastDay ? dayAfter(lastDay) : undefined;
    await this.changes.handle(request, response, {
      actor,
      change: { kind: 'stand-down', coordinatorId: id, day, reason },
      planHash,
      confirm: {
        title: 'Stand down: check',
        about: `You stop being coordinator ${scope.words}${lastDay ? ` after ${readableDay(lastDay)}` : ' now'}.`,
        action: `/my-scope/${id}/stand-down`,
        fields: { lastDay, reason },
        button: 'Stand down',
        back: `/my-scope/${id}/stand-down`,
      },
      done: lastDay ? '/my-sites?done=stood-down' : '/?done=stood-down',
      again: (problem) => this.draw(request, scope, { problem, faults: problem.errors, typed: body }),
    });
  }

  /** @throws 404 for assignments of others, and for those that are over */
  private async own(actor: SignedIn, id: string): Promise<MyScope> {
    const scope = await this.scopes.own(actor, id);
    if (scope) return scope;
    throw coordinatorsProblems.notFound(
      'You have no such assignment, or it is over. Your assignments are listed under My sites.',
      { refusal: { action: 'coordinator.stand-down', target: `coordinator:${id.slice(0, 60)}` } },
    );
  }

  private draw(request: PageRequest, scope: MyScope, answer: Answer): Promise<string> {
    return this.pages.draw(request, (frame) => <StandDownPage frame={frame} scope={scope} {...answer} />);
  }
}
