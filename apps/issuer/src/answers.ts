import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { VNode } from 'preact';
import { AuditService } from '#audit';
import { type FieldFault, Problem } from '#kernel';
import { type PageFrame, Pages, type PageRequest } from '#web';

/** Answers requests with pages: a form that comes back tells its faults and leaves the refusal in the audit log. */
@Injectable()
export class Answers {
  constructor(
    private readonly pages: Pages,
    private readonly audit: AuditService,
  ) {}

  async page(request: PageRequest, response: Response, draw: (frame: PageFrame) => VNode, status = 200): Promise<void> {
    response
      .status(status)
      .type('html')
      .send(await this.pages.draw(request, draw));
  }

  /**
   * The form once more, with what was refused beside its fields.
   * @throws what is not a refusal of the form: it goes on to the problem page
   */
  async again(
    request: PageRequest,
    response: Response,
    fault: unknown,
    draw: (frame: PageFrame, faults: FieldFault[]) => VNode,
  ): Promise<void> {
    if (!(fault instanceof Problem) || ![409, 422].includes(fault.status)) throw fault;
    if (fault.refusal) await this.audit.recordRefusal(request.actor, fault);
    const faults = fault.errors?.length ? fault.errors : [{ field: 'main-content', message: fault.detail }];
    await this.page(request, response, (frame) => draw(frame, faults), fault.status);
  }
}
