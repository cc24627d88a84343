import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CatalogService } from '#catalog';
import { newId, Problem, type SignedIn } from '#kernel';
import { ProposalReading, RequestProposals, requestsProblems } from '#requests';
import { Access, checkForm, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { dayAfter } from '../parts/days.js';
import type { PreviewLine } from '../requests/check.page.js';
import { NewProposalPage, type NewProposalPageProps } from './new-proposal.page.js';
import { ProposalPage, type ProposalPageProps } from './proposal.page.js';
import { ProposalsPage } from './proposals.page.js';
import { ConfirmProposalForm, DeclineProposalForm, NewProposalForm, proposedWishes } from './proposal.forms.js';

const notices: Record<string, string> = {
  entered:
    'Entered. It becomes a request when the person confirms it: from the mail or, without an account yet, from the home page once the Staff ID is linked.',
  declined: 'Declined. Whoever entered it is told.',
  withdrawn: 'Taken back. The person is told.',
};

const told = [403, 409, 422];

/** Requests that coordinators enter for others; the person they are for confirms or declines. */
@Controller('proposals')
@Access('signed-in')
export class ProposalsController {
  constructor(
    private readonly proposals: RequestProposals,
    private readonly reading: ProposalReading,
    private readonly catalog: CatalogService,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Access('coordinator')
  list(@Req() request: PageRequest, @CurrentActor() actor: SignedIn): Promise<string> {
    return this.drawList(request, actor);
  }

  @Get('new')
  @Access('coordinator')
  form(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query('staffId') staffId: unknown,
  ): Promise<string> {
    if (typeof staffId === 'string' && !staffIdText.test(staffId)) return this.drawList(request, actor, staffId);
    return this.drawForm(request, actor, staffId, { formKey: newId() });
  }

  @Post()
  @Access('coordinator')
  @Repeat('once')
  async enter(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (status: number, answer: Pick<NewProposalPageProps, 'problem' | 'faults'>): Promise<void> => {
      const formKey = typeof body.formKey === 'string' ? body.formKey : newId();
      const html = await this.drawForm(request, actor, body.staffId, { formKey, typed: body, ...answer });
      response.status(status).type('html').send(html);
    };
    const { value: form, faults } = await checkForm(NewProposalForm, body);
    if (!form) return again(422, { faults });
    const { staffId, why, until, formKey } = form;
    const wishes = proposedWishes(form, until ? { toDay: dayAfter(until) } : {});
    let id: string;
    try {
      id = await this.proposals.propose(actor, { staffId, wishes, why: why?.trim() || undefined, formKey });
    } catch (problem) {
      mustTellOnPage(request, problem, told);
      const beside = problem.errors?.map(({ field, message }) => ({ field: fieldOf[field] ?? field, message }));
      return again(problem.status, { problem, faults: beside });
    }
    response.redirect(303, `/proposals/${id}?done=entered`);
  }

  @Get(':id')
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.drawOne(request, actor, id, { notice: noticeOf(notices, done) });
  }

  @Post(':id/confirm')
  @Repeat('once')
  async confirm(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(ConfirmProposalForm, body);
    await this.answer(request, response, actor, id, { typed: body, faults }, async () => {
      const made = await this.proposals.confirm(actor, id, { ...(form?.mayNarrow && { mayNarrow: true }) });
      return `/requests/${made.id}?done=sent`;
    });
  }

  @Post(':id/decline')
  @Repeat('once')
  async decline(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(DeclineProposalForm, body);
    await this.answer(request, response, actor, id, { typed: body, faults }, async () => {
      await this.proposals.decline(actor, id, form?.reason);
      return `/proposals/${id}?done=declined`;
    });
  }

  @Post(':id/withdraw')
  @Access('coordinator')
  @Repeat('once')
  async withdraw(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(request, response, actor, id, {}, async () => {
      await this.proposals.withdraw(actor, id);
      return `/proposals/${id}?done=withdrawn`;
    });
  }

  /** Does a deed with an entry and goes on; what stands against it is told on its page. */
  private async answer(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    id: string,
    sent: Pick<ProposalPageProps, 'typed' | 'faults'>,
    deed: () => Promise<string>,
  ): Promise<void> {
    const again = async (status: number, more: Pick<ProposalPageProps, 'problem' | 'faults'>): Promise<void> => {
      const html = await this.drawOne(request, actor, id, { ...sent, ...more });
      response.status(status).type('html').send(html);
    };
    if (sent.faults) return again(422, {});
    try {
      response.redirect(303, await deed());
    } catch (problem) {
      mustTellOnPage(request, problem, told);
      await again(problem.status, { problem, faults: problem.errors });
    }
  }

  /** @param typed a Staff ID that cannot be one */
  private async drawList(request: PageRequest, actor: SignedIn, typed?: string): Promise<string> {
    const entered = await this.reading.enteredBy(actor);
    const faults = typed === undefined ? undefined : [{ field: 'staffId', message: 'A Staff ID has 10 digits' }];
    return this.pages.draw(request, (frame) => (
      <ProposalsPage frame={frame} entered={entered} faults={faults} typed={{ staffId: typed }} />
    ));
  }

  private async drawForm(
    request: PageRequest,
    actor: SignedIn,
    staffId: unknown,
    answer: Pick<NewProposalPageProps, 'formKey' | 'problem' | 'faults' | 'typed'>,
  ): Promise<string> {
    const person = typeof staffId === 'string' ? await this.reading.candidate(actor, staffId) : undefined;
    if (!person)
      throw requestsProblems.notEnterable(
        'Nobody else with this Staff ID works where you decide. Check the 10 digits; a new hire appears with the next staff file.',
        { link: { label: 'Type the Staff ID again', href: '/proposals' } },
      );
    const applications = this.catalog.applications().filter(({ requestable }) => requestable);
    return this.pages.draw(request, (frame) => (
      <NewProposalPage frame={frame} person={person} applications={applications} {...answer} />
    ));
  }

  private async drawOne(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    answer: Pick<ProposalPageProps, 'notice' | 'problem' | 'faults' | 'typed'>,
  ): Promise<string> {
    const proposal = await this.reading.view(actor, id);
    const lines = proposal.own && proposal.status === 'open' ? await this.foreseen(actor, id) : undefined;
    return this.pages.draw(request, (frame) => (
      <ProposalPage frame={frame} proposal={proposal} lines={lines} {...answer} />
    ));
  }

  /** Who would decide; nothing where what was entered cannot be asked for any more, which confirming then tells. */
  private async foreseen(actor: SignedIn, id: string): Promise<PreviewLine[] | undefined> {
    try {
      const routed = await this.reading.preview(actor, id);
      return routed.flatMap(({ wish, place, routing }) =>
        wish.permissions.map((permission) => {
          const names = this.catalog.names(wish.application, wish.role, permission);
          return {
            application: { code: wish.application, name: names.application },
            role: { code: wish.role, name: names.role },
            permission: { code: permission, name: names.permission },
            place,
            deciders: routing.deciders,
            stateDesk: routing.stateDesk,
            reasons: routing.reasons,
          };
        }),
      );
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      return undefined;
    }
  }
}

const staffIdText = /^\s*\d{10}\s*$/;

/** Faults of the verb beside the fields of the form. */
const fieldOf: Record<string, string> = { location: 'place', permissions: 'permission', toDay: 'until' };
