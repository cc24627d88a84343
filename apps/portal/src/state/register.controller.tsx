import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { EntityManager } from '@mikro-orm/postgresql';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, Equals, IsHexadecimal, IsOptional, Matches, MaxLength } from 'class-validator';
import type { Response } from 'express';
import { StateOffice } from '#coordinators';
import type { FieldFault, Problem, SignedIn } from '#kernel';
import { RegisterChanges, type RegisterChangeStatus, type RegisterChangeView } from '#sites';
import { Access, checkForm, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { ConfirmedChanges } from '../parts/confirmed-changes.js';
import { RegisterListPage } from './register.page.js';
import { RegisterPages, rowsPerPage } from './register-pages.js';
import { stateNav } from './state-nav.js';

/** Applies a file: all of it, the rows chosen on a page, or the rows the first person confirmed. */
class ApplyRegisterForm {
  @IsOptional()
  @Transform(({ value }) => ([] as unknown[]).concat(value))
  @ArrayMinSize(1)
  @ArrayMaxSize(rowsPerPage)
  @Matches(/^(system|site):[0-9A-Z][0-9A-Z-]{0,29}$/, { each: true })
  only?: string[];

  /** The form whose rows are ticked: without any it asks for nothing, not for all. */
  @IsOptional()
  @Equals('chosen')
  rows?: 'chosen';

  /** The rows the first person confirmed. */
  @IsOptional()
  @Equals('yes')
  confirmed?: 'yes';

  @IsOptional()
  @IsHexadecimal()
  @MaxLength(128)
  planHash?: string;
}

const notices: Record<string, string> = {
  refreshed: 'Planned anew on the register of today.',
  dropped: 'Dropped. Nothing was changed.',
};

/** What the page says after applying, by how the file stands then. */
const applied: Record<RegisterChangeStatus, string> = {
  applied: 'Applied. Everybody concerned is told.',
  previewed: 'The chosen rows are applied, and everybody concerned is told. What is left is below.',
  'waits-for-second': 'Confirmed. Nothing is changed before a second person of the state office confirms it too.',
  dropped: 'Dropped. Nothing was changed.',
};

/** What the page says after a deed. */
const done = { refresh: 'refreshed', drop: 'dropped' };

/** Register files, looked at and applied by the state office. */
@Controller('state/register')
@Access('state-desk')
export class StateRegisterController {
  constructor(
    private readonly em: EntityManager,
    private readonly office: StateOffice,
    private readonly register: RegisterChanges,
    private readonly drawn: RegisterPages,
    private readonly changes: ConfirmedChanges,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(@Req() request: PageRequest): Promise<string> {
    const changes = await this.register.list();
    return this.pages.draw(request, (frame) => <RegisterListPage frame={frame} changes={changes} />);
  }

  @Get(':id')
  async show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const { done: said, deed, page } = query;
    const known = noticeOf(notices, said);
    const notice = said === 'saved' ? applied[(await this.register.get(id)).status] : known;
    return this.drawn.draw(request, actor, id, { notice, deed, page });
  }

  @Post(':id/apply')
  @Repeat('once')
  async apply(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(ApplyRegisterForm, body);
    if (faults || (form.rows && !form.only)) return this.again(request, response, actor, id, 422, nothingChosen);
    const view = await this.register.get(id);
    const only = form.confirmed ? view.confirmedOnly : form.only;
    const rows = only ? `${only.length} of the ${view.plan.length} rows` : `all ${view.plan.length} rows`;
    const address = `/state/register/${id}`;
    await this.changes.handle(request, response, {
      actor,
      change: { kind: 'register', changeId: id, only },
      planHash: form.planHash,
      confirm: {
        title: `Apply ${view.fileName}`,
        about: `Applies ${rows}.${secondPerson(view, actor, form)}`,
        action: `${address}/apply`,
        fields: { only: form.only, confirmed: form.confirmed },
        button: 'Confirm',
        back: address,
        nav: stateNav,
      },
      done: `${address}?done=saved`,
      again: (problem) => this.drawn.draw(request, actor, id, { problem }),
    });
  }

  @Post(':id/refresh')
  @Repeat('once')
  refresh(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    return this.act(request, response, actor, id, 'refresh', () => this.register.refresh(actor, id));
  }

  @Post(':id/drop')
  @Repeat('once')
  drop(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    return this.act(request, response, actor, id, 'drop', () => this.register.drop(actor, id));
  }

  private async act(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    id: string,
    name: keyof typeof done,
    deed: () => Promise<unknown>,
  ): Promise<void> {
    const target = `register-change:${id.slice(0, 60)}`;
    try {
      await this.em.transactional(async () => {
        const person = await this.office.personOf(actor);
        await this.office.mustAct(actor, person, { action: `register.${name}`, target, notBy: [] });
        await deed();
      });
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409]);
      return this.again(request, response, actor, id, problem.status, { problem });
    }
    response.redirect(303, `/state/register/${id}?done=${done[name]}`);
  }

  private async again(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    id: string,
    status: number,
    answer: { problem?: Problem; faults?: FieldFault[] },
  ): Promise<void> {
    const html = await this.drawn.draw(request, actor, id, answer);
    response.status(status).type('html').send(html);
  }
}

/** Whether this person's word is enough; the register itself has the last say. */
function secondPerson(view: RegisterChangeView, actor: SignedIn, { only, confirmed }: ApplyRegisterForm): string {
  const sameRows = confirmed ? !!view.confirmedOnly : !only && !view.confirmedOnly;
  if (view.status === 'waits-for-second' && view.confirmedBy !== actor.accountId && sameRows)
    return ' You are the second person to confirm it: it is applied when you do.';
  return view.needsSecond
    ? ' Where it closes many sites, a second person has to confirm it before anything changes.'
    : '';
}

const nothingChosen = { faults: [{ field: 'rows', message: 'Choose at least one row, or apply all of it' }] };
