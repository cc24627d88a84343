import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { EntityManager } from '@mikro-orm/postgresql';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import type { Response } from 'express';
import { holdRouting, StateOffice } from '#coordinators';
import type { FieldFault, Problem, SignedIn } from '#kernel';
import { Disagreements } from '#sites';
import { Access, checkForm, CurrentActor, mustTellOnPage, type PageRequest, Pages, Repeat } from '#web';
import { FormDay } from '../parts/form-day.js';
import { DisagreementsPage } from './disagreements.page.js';

const orNothing = Transform(({ value }) => (value === '' ? undefined : (value as unknown)));

/** Who is right about a place. */
class SettleForm {
  @IsUUID()
  id!: string;

  @IsIn(['register', 'source'], { message: 'Choose who is right' })
  outcome!: 'register' | 'source';

  @IsOptional()
  @orNothing
  @FormDay('Choose a day, or leave it empty for today')
  effectiveDay?: string;

  @IsOptional()
  @orNothing
  @IsString()
  @MaxLength(500, { message: 'Write at most 500 characters' })
  note?: string;
}

interface Answer {
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** Where sources say otherwise than the register. */
@Controller('state/disagreements')
@Access('state-desk')
export class DisagreementsController {
  constructor(
    private readonly em: EntityManager,
    private readonly office: StateOffice,
    private readonly disagreements: Disagreements,
    private readonly pages: Pages,
  ) {}

  @Get()
  list(@Req() request: PageRequest, @Query('settled') settled: unknown, @Query('done') done: unknown): Promise<string> {
    const notice = done === 'settled' ? 'Settled. It is in the history of the place.' : undefined;
    return this.draw(request, { notice }, settled === 'yes');
  }

  @Post()
  @Repeat('once')
  async settle(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (status: number, answer: Answer): Promise<void> => {
      const html = await this.draw(request, { ...answer, typed: body });
      response.status(status).type('html').send(html);
    };
    const { value: form, faults } = await checkForm(SettleForm, body);
    if (faults) return again(422, { faults });
    const { id, ...how } = form;
    try {
      await this.em.transactional(async () => {
        const person = await this.office.personOf(actor);
        // The place may come to another school system: nobody asks or decides meanwhile.
        await holdRouting(this.em, 'everywhere', 'change');
        await this.office.mustAct(actor, person, {
          action: 'register.settle',
          target: `disagreement:${id}`,
          notBy: [],
        });
        await this.disagreements.settle(actor, id, how);
      });
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409, 422]);
      return again(problem.status, { problem, faults: problem.errors });
    }
    response.redirect(303, '/state/disagreements?done=settled');
  }

  private async draw(request: PageRequest, answer: Answer, settled = false): Promise<string> {
    const disagreements = await this.disagreements.list(settled);
    return this.pages.draw(request, (frame) => (
      <DisagreementsPage frame={frame} disagreements={disagreements} settled={settled} {...answer} />
    ));
  }
}
