import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { GrantViews } from '#compliance';
import { grantsProblems, GrantVerbs } from '#grants';
import type { SignedIn } from '#kernel';
import { Access, checkForm, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { dayAfter } from '../parts/days.js';
import { type GrantAnswer, type GrantDeedName, GrantPage } from './grant.page.js';
import { UntilForm, WhyForm } from './people.forms.js';

const notices: Record<string, string> = {
  renewed: 'It goes on. The person is told.',
  suspended: 'Suspended. The person is told, and it stopped working at once.',
  resumed: 'It can be used again. The person is told.',
  revoked: 'Taken away. The person is told, and it stopped working at once.',
};

/** What a form is about, as the page knows it. */
interface Sent {
  request: PageRequest;
  response: Response;
  actor: SignedIn;
  id: string;
  grantId: string;
  body: Record<string, unknown>;
}

/** One permission of a person, for those who decide where it holds; for others it is not there. */
@Controller('people/:id/access/:grantId')
@Access('signed-in')
export class GrantController {
  constructor(
    private readonly views: GrantViews,
    private readonly grants: GrantVerbs,
    private readonly pages: Pages,
  ) {}

  @Get()
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Param('grantId') grantId: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.draw(request, actor, id, grantId, { notice: noticeOf(notices, done) });
  }

  @Post('renew')
  @Repeat('once')
  renew(
    @Req() request: PageRequest,
    @Res() response: Response,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Param('grantId') grantId: string,
    @Body() body: Record<string, unknown>,
  ): Promise<void> {
    const sent = { request, response, actor, id, grantId, body };
    return this.answer(sent, 'renew', UntilForm, async ({ lastDay }) => {
      const [result] = await this.grants.renewMany(actor, [grantId], dayAfter(lastDay));
      if (!result!.renewed)
        throw grantsProblems.wrongEnd(result!.detail!, { errors: beside('lastDay', result!.detail!) });
      return 'renewed';
    });
  }

  @Post('suspend')
  @Repeat('once')
  suspend(
    @Req() request: PageRequest,
    @Res() response: Response,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Param('grantId') grantId: string,
    @Body() body: Record<string, unknown>,
  ): Promise<void> {
    return this.answer({ request, response, actor, id, grantId, body }, 'suspend', WhyForm, async ({ reason }) => {
      await this.grants.suspend(actor, grantId, { reason });
      return 'suspended';
    });
  }

  @Post('resume')
  @Repeat('once')
  resume(
    @Req() request: PageRequest,
    @Res() response: Response,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Param('grantId') grantId: string,
    @Body() body: Record<string, unknown>,
  ): Promise<void> {
    return this.act({ request, response, actor, id, grantId, body }, 'resume', async () => {
      await this.grants.resume(actor, grantId);
      return 'resumed';
    });
  }

  @Post('revoke')
  @Repeat('once')
  revoke(
    @Req() request: PageRequest,
    @Res() response: Response,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Param('grantId') grantId: string,
    @Body() body: Record<string, unknown>,
  ): Promise<void> {
    return this.answer({ request, response, actor, id, grantId, body }, 'revoke', WhyForm, async ({ reason }) => {
      await this.grants.revoke(actor, grantId, { reason });
      return 'revoked';
    });
  }

  /** Checks the form before the deed. */
  private async answer<Form extends object>(
    sent: Sent,
    form: GrantDeedName,
    shape: new () => Form,
    deed: (form: Form) => Promise<string>,
  ): Promise<void> {
    const { value, faults } = await checkForm(shape, sent.body);
    if (faults) return this.again(sent, 422, { form, faults, typed: sent.body });
    return this.act(sent, form, () => deed(value));
  }

  /** Does it, and shows the permission; what the reader can mend, on the page itself. */
  private async act(sent: Sent, form: GrantDeedName, deed: () => Promise<string>): Promise<void> {
    const { response, actor, id, grantId, body: typed } = sent;
    try {
      // The grant of the address is this person's, and the reader's to look after.
      await this.views.of(actor, id, grantId);
      const done = await deed();
      response.redirect(303, `/people/${id}/access/${grantId}?done=${done}`);
    } catch (problem) {
      mustTellOnPage(sent.request, problem, [403, 409, 422]);
      const told = problem.errors ? { faults: problem.errors } : { problem };
      await this.again(sent, problem.status, { form, typed, ...told });
    }
  }

  private async again(
    { request, response, actor, id, grantId }: Sent,
    status: number,
    answer: GrantAnswer,
  ): Promise<void> {
    const html = await this.draw(request, actor, id, grantId, answer);
    response.status(status).type('html').send(html);
  }

  private async draw(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    grantId: string,
    answer: GrantAnswer,
  ): Promise<string> {
    const grant = await this.views.of(actor, id, grantId);
    return this.pages.draw(request, (frame) => <GrantPage frame={frame} grant={grant} {...answer} />);
  }
}

const beside = (field: string, message: string): { field: string; message: string }[] => [{ field, message }];
