import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { IsString, IsUUID, Length, Matches } from 'class-validator';
import type { Response } from 'express';
import { HeadsService } from '#coordinators';
import type { FieldFault, Problem, SignedIn } from '#kernel';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, mustTellOnPage, type PageRequest, Repeat } from '#web';
import { StatePlaces } from './state-places.js';

/** Who heads the system from today on. */
class NameHeadForm {
  @IsString({ message: 'Type the Staff ID' })
  @Matches(/^\d{10}$/, { message: 'A Staff ID has 10 digits' })
  staffId!: string;

  @IsString({ message: 'Type the title, such as Superintendent' })
  @Length(1, 100, { message: 'Type the title, such as Superintendent' })
  title!: string;
}

/** The head the page showed goes off the record. */
class EndHeadForm {
  @IsUUID()
  headId!: string;

  @IsString({ message: 'Write why; it is kept' })
  @Length(1, 2000, { message: 'Write why, at most 2,000 characters; it is kept' })
  reason!: string;
}

/** The record of who heads a school system, kept by the state office. */
@Controller('state/places/system/:code')
@Access('state-desk')
export class HeadsController {
  constructor(
    private readonly places: StatePlaces,
    private readonly staff: StaffService,
    private readonly heads: HeadsService,
  ) {}

  @Post('head')
  @Repeat('once')
  name(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('code') code: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    return this.act(request, response, actor, code, body, 'head', NameHeadForm, async ({ staffId, title }) => {
      const person = await this.staff.memberByStaffId(staffId);
      if (!person) return [{ field: 'staffId', message: 'Nobody has this Staff ID. Check the number' }];
      await this.heads.name(actor, { staffMemberId: person.id, systemCode: code, title });
      return undefined;
    });
  }

  @Post('end-head')
  @Repeat('once')
  end(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('code') code: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    return this.act(request, response, actor, code, body, 'end-head', EndHeadForm, async ({ headId, reason }) => {
      await this.heads.end(actor, headId, reason);
      return undefined;
    });
  }

  /** Checks a form, does the deed, and goes back to the page of the system; what stands against it is told there. */
  private async act<T extends object>(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    code: string,
    body: Record<string, unknown>,
    form: 'head' | 'end-head',
    shape: new () => T,
    deed: (value: T) => Promise<FieldFault[] | undefined>,
  ): Promise<void> {
    const again = async (status: number, answer: { problem?: Problem; faults?: FieldFault[] }): Promise<void> => {
      const html = await this.places.draw(request, actor, 'system', code, { form, typed: body, ...answer });
      response.status(status).type('html').send(html);
    };
    const { value, faults } = await checkForm(shape, body);
    if (faults) return again(422, { faults });
    try {
      const wrong = await deed(value);
      if (wrong) return await again(422, { faults: wrong });
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409, 422]);
      return again(problem.status, { problem, faults: problem.errors });
    }
    response.redirect(303, `/state/places/system/${encodeURIComponent(code)}?done=saved`);
  }
}
