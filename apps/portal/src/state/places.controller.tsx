import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type FieldFault, kernelProblems, type SignedIn } from '#kernel';
import { Access, checkForm, CurrentActor, type PageRequest, Pages, Repeat } from '#web';
import { ConfirmedChanges } from '../parts/confirmed-changes.js';
import { PlaceChangeForm, placeChanges } from './place-change.form.js';
import { PlannedPlaces } from './planned-places.js';
import { StatePlacesPage } from './places.page.js';
import { stateNav } from './state-nav.js';
import { StatePlaces } from './state-places.js';

/** Places as the state office sees and changes them. */
@Controller('state/places')
@Access('state-desk')
export class StatePlacesController {
  constructor(
    private readonly places: StatePlaces,
    private readonly planned: PlannedPlaces,
    private readonly changes: ConfirmedChanges,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(@Req() request: PageRequest, @Query('q') q: unknown): Promise<string> {
    if (q !== undefined && typeof q !== 'string')
      throw kernelProblems.badInput('The address holds "q" more than once. Search again.');
    const text = q?.trim().slice(0, 100) || undefined;
    const found = text === undefined ? undefined : await this.planned.look(text);
    return this.pages.draw(request, (frame) => <StatePlacesPage frame={frame} text={text} found={found} />);
  }

  @Get(':level/:code')
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('level') level: string,
    @Param('code') code: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    const notice = done === 'saved' ? 'Saved. Everybody concerned is told.' : undefined;
    return this.places.draw(request, actor, level, code, { notice });
  }

  @Post('site/:code/:change')
  @Repeat('once')
  async change(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('code') code: string,
    @Param('change') name: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const kind = placeChanges.find((each) => each === name);
    if (!kind) throw kernelProblems.notFound('There is no such change. Open the place and choose one from its page.');
    const again = async (faults: FieldFault[]): Promise<void> => {
      const html = await this.places.draw(request, actor, 'site', code, { form: kind, faults, typed: body });
      response.status(422).type('html').send(html);
    };
    const { value: form, faults } = await checkForm(PlaceChangeForm, body);
    if (faults) return again(faults);
    const place = await this.places.at('site', code);
    const plan = await this.planned.of(kind, place, form);
    if (plan.faults) return again(plan.faults);
    const address = `/state/places/site/${encodeURIComponent(code)}`;
    await this.changes.handle(request, response, {
      actor,
      change: plan.change,
      planHash: form.planHash,
      confirm: {
        title: place.name,
        about: plan.about,
        action: `${address}/${kind}`,
        fields: plan.fields,
        button: 'Save',
        back: address,
        nav: stateNav,
      },
      done: `${address}?done=saved`,
      again: (problem) => this.places.draw(request, actor, 'site', code, { form: kind, problem, typed: body }),
    });
  }
}
