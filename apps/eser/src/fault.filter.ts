import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { GuardUnavailable } from '#guard';
import { notePage } from './pages.js';

const words: Record<number, [title: string, text: string]> = {
  403: ['That was not sent from this page', 'Load the page again and try once more. Nothing was changed.'],
  404: ['Page not found', 'There is no page at this address.'],
  421: ['Wrong address', 'This service has another address.'],
  503: ['EdLink cannot be reached right now', 'Wait a minute and try again. Nothing was changed.'],
};

/** Errors as pages: what to do next, and nothing about the inside. */
@Catch()
export class FaultFilter implements ExceptionFilter {
  private readonly log = new Logger('eser');

  catch(fault: unknown, host: ArgumentsHost): void {
    const [request, response] = [
      host.switchToHttp().getRequest<Request>(),
      host.switchToHttp().getResponse<Response>(),
    ];
    const status = statusOf(fault);
    if (status >= 500)
      this.log.error(`${request.method} ${request.path}: ${String(fault)} ${String((fault as Error).cause ?? '')}`);
    if (response.headersSent) return;
    const [title, text] = words[status] ?? ['Something went wrong on our side', 'Try again in a minute.'];
    if (status === 503) response.setHeader('Retry-After', '10');
    response.status(status).type('html').send(notePage(title, text));
  }
}

function statusOf(fault: unknown): number {
  if (fault instanceof HttpException) return fault.getStatus();
  const { status, code, cause, name } = fault as { status?: number; code?: string; cause?: unknown; name?: string };
  if (typeof status === 'number' && status >= 400 && status < 500) return status;
  const away =
    fault instanceof GuardUnavailable ||
    code === 'OAUTH_TIMEOUT' ||
    name === 'TimeoutError' ||
    /fetch failed|timeout/i.test(`${String(fault)} ${String(cause)}`);
  return away ? 503 : 500;
}
