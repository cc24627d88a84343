import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Injectable,
  Logger,
} from '@nestjs/common';
import type { Response } from 'express';
import { AuditService } from '#audit';
import { kernelProblems, newId, Problem } from '#kernel';
import { addressOf } from './address.js';
import { WEB_OPTIONS, type WebOptions } from './options.js';
import { isBusy, isUnknown } from './busy.js';
import { Page, type PageRequest } from './page.js';
import { Pages } from './pages.js';
import { webProblems } from './problems.js';

/** One place where errors become answers: the problem page, or application/problem+json for programs. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('problem');

  constructor(
    private readonly pages: Pages,
    private readonly audit: AuditService,
    @Inject(WEB_OPTIONS) private readonly options: WebOptions,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<PageRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = asProblem(error, !['GET', 'HEAD'].includes(request.method));
    const reference = newId().slice(0, 8);
    if (problem.status >= 500)
      this.log.error(
        `${reference} ${request.method} ${request.path} ${problem.code}: ${String(problem.cause ?? '')}`,
        (problem.cause as Error)?.stack,
      );
    if (problem.refusal) await this.recordRefusal(request, problem);
    if (response.headersSent) return;
    const wantsPage = request.accepts(['html', 'json']) === 'html';
    if (problem.status === 401 && wantsPage && request.method === 'GET') {
      response.redirect(
        303,
        `${this.options.signInPath}?returnTo=${encodeURIComponent(this.options.returnTo ?? request.originalUrl)}`,
      );
      return;
    }
    response.status(problem.status);
    if (problem.retryAfter) response.setHeader('Retry-After', String(problem.retryAfter));
    if (!wantsPage) {
      const { code, status, title, detail, errors } = problem;
      response
        .type('application/problem+json')
        .send(JSON.stringify({ type: `urn:edlink:problem:${code}`, code, status, title, detail, errors, reference }));
      return;
    }
    const page = await this.pages.draw(request, (frame) => (
      <Page frame={frame} title={problem.title}>
        <p class="usa-intro">{problem.detail}</p>
        {problem.errors && (
          <ul class="usa-list">
            {problem.errors.map((fault) => (
              <li>{fault.message}</li>
            ))}
          </ul>
        )}
        {problem.link && (
          <p>
            <a href={problem.link.href}>{problem.link.label}</a>
          </p>
        )}
        <p>
          <a href="/">Go to the home page</a>
        </p>
        <p class="usa-hint">If you ask for help, give this reference: {reference}</p>
      </Page>
    ));
    response.type('html').send(page);
  }

  /** The refusal stands even where it cannot be written down: nothing was done. */
  private async recordRefusal(request: PageRequest, problem: Problem): Promise<void> {
    try {
      await this.audit.recordRefusal(
        request.actor ?? { client: this.options.client, address: addressOf(request) },
        problem,
      );
    } catch (fault) {
      this.log.error(`a refusal could not be recorded: ${problem.code}`, (fault as Error).stack);
    }
  }
}

/** @param changing whether what was asked for changes anything */
function asProblem(error: unknown, changing: boolean): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException)
    return error.getStatus() === 404
      ? kernelProblems.notFound('There is no page at this address. Check the address or start at the home page.')
      : ofStatus(error.getStatus(), error);
  const state = (error as { status?: number; type?: string } | undefined) ?? {};
  if (state.type === 'entity.too.large')
    return kernelProblems.tooLarge('What was sent is too large. Shorten the text and send it again.');
  if (typeof state.status === 'number' && state.status < 500) return ofStatus(state.status, error);
  if (changing && isUnknown(error))
    return webProblems.maybeSaved(
      'The answer of the database never came. Go back and send it again in a few seconds: it is done once, however often you send it.',
      { cause: error, retryAfter: 5 },
    );
  if (isBusy(error)) {
    return kernelProblems.busy(
      'Many people are using this right now. Wait a few seconds and try again. Nothing was changed.',
      { cause: error, retryAfter: 5 },
    );
  }
  return kernelProblems.fault('Nothing was changed. Try again in a minute; if it happens again, ask for help.', {
    cause: error,
  });
}

const ofStatus = (status: number, cause: unknown): Problem =>
  status === 413
    ? kernelProblems.tooLarge('What was sent is too large. Shorten the text and send it again.', { cause })
    : kernelProblems.badInput('What was sent could not be read. Go back, load the page again and try once more.', {
        cause,
      });
