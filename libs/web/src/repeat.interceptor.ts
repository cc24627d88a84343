import { EntityManager } from '@mikro-orm/postgresql';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { AuditService } from '#audit';
import { kernelProblems } from '#kernel';
import { HeldAnswer } from './held-answer.js';
import { InTurn } from './in-turn.js';
import { WEB_OPTIONS, type WebOptions } from './options.js';
import type { PageRequest } from './page.js';
import { type RepeatWay, repeatOf } from './repeat.js';
import { type KeptAnswer, RepeatedForms, type SentForm } from './repeated-forms.js';

/** Leaves a transaction that is to be undone although nothing went wrong. */
const nothingKept = Symbol('nothing kept');

type Http = ReturnType<ExecutionContext['switchToHttp']>;

const keyShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Does what a form says once, however often it comes; how, each route declares with `@Repeat`. */
@Injectable()
export class RepeatInterceptor implements NestInterceptor {
  private readonly log = new Logger('forms');
  private readonly turns = new InTurn<KeptAnswer>();

  constructor(
    private readonly reflector: Reflector,
    private readonly em: EntityManager,
    private readonly forms: RepeatedForms,
    private readonly audit: AuditService,
    @Inject(WEB_OPTIONS) private readonly options: WebOptions,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const way = repeatOf(this.reflector, context.getHandler());
    if (!this.options.keyedForms || !way) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<PageRequest>();
    const key = takeKey(request);
    if (way === 'harmless') return next.handle();
    const form = sentForm(request, key);
    return from(this.answer(way, form, http, next));
  }

  private async answer(way: RepeatWay, form: SentForm, http: Http, next: CallHandler): Promise<void> {
    const { accountId, key, route, content } = form;
    const { first, result } = await this.turns.run(JSON.stringify([accountId, key, route, content]), () =>
      this.sent(way, form, http, next),
    );
    if (!first) http.getResponse<Response>().redirect(result!.status, result!.location);
  }

  /** @returns what others who sent the same meanwhile are told too; undefined: nothing that counts for them */
  private async sent(way: RepeatWay, form: SentForm, http: Http, next: CallHandler): Promise<KeptAnswer | undefined> {
    const response = http.getResponse<Response>();
    const held = new HeldAnswer(response);
    const handled = (): Promise<unknown> => lastValueFrom(next.handle(), { defaultValue: undefined });
    let before: KeptAnswer | undefined;
    try {
      before = way === 'once' ? await this.once(form, held, handled) : await this.own(form, held, handled);
    } catch (fault) {
      held.drop();
      await this.keepRefusals(http.getRequest<PageRequest>());
      throw fault;
    }
    await this.keepRefusals(http.getRequest<PageRequest>());
    const { redirect } = held;
    held.release();
    if (before) response.redirect(before.status, before.location);
    return before ?? redirect;
  }

  /** What a page told was refused, now that nothing undoes it. The refusal stands even where it cannot be written down. */
  private async keepRefusals({ actor, refusals = [] }: PageRequest): Promise<void> {
    for (const problem of refusals)
      await this.audit
        .recordRefusal(actor, problem)
        .catch((fault: Error) => this.log.error(`a refusal could not be recorded: ${problem.code}`, fault.stack));
  }

  /** The deed, its key and its answer are one transaction. @returns the answer of before, when there is one */
  private async once(
    form: SentForm,
    held: HeldAnswer,
    handled: () => Promise<unknown>,
  ): Promise<KeptAnswer | undefined> {
    try {
      return await this.em.transactional(async () => {
        const before = await this.forms.claim(form);
        if (before) return before;
        await handled();
        if (!held.isThere) throw new Error(`${form.route} answers nothing itself, so it cannot be "once"`);
        if (!held.redirect) throw nothingKept;
        await this.forms.keep(form, held.redirect);
        return undefined;
      });
    } catch (fault) {
      if (fault === nothingKept) return undefined;
      throw fault;
    }
  }

  /** The verbs keep their own transactions; the answer is kept after them. @returns the answer of before, when there is one */
  private async own(
    form: SentForm,
    held: HeldAnswer,
    handled: () => Promise<unknown>,
  ): Promise<KeptAnswer | undefined> {
    const before = await this.forms.answerOf(form);
    if (before) return before;
    await handled();
    if (!held.redirect) return undefined;
    try {
      await this.forms.claim(form);
      await this.forms.keep(form, held.redirect);
    } catch (fault) {
      // The deed is done and says the same when it is asked for again.
      this.log.warn(`the answer of ${form.route} is not kept: ${String(fault)}`);
    }
    return undefined;
  }
}

/** Takes the key out of the body, where forms know no such field. */
function takeKey(request: PageRequest): unknown {
  const body = request.body as Record<string, unknown> | undefined;
  const key = body?._key;
  if (body) delete body._key;
  return key;
}

/** @throws kernel.bad-input (400) without a key of ours */
function sentForm({ actor, route, originalUrl, body }: PageRequest, key: unknown): SentForm {
  if (typeof key !== 'string' || !keyShape.test(key))
    throw kernelProblems.badInput('The form came back damaged. Load the page again and send it once more.');
  const { _token, ...fields } = (body ?? {}) as Record<string, unknown>;
  return {
    accountId: actor.accountId!,
    key,
    route: (route as { path: string }).path,
    content: JSON.stringify([originalUrl, fields]),
  };
}
