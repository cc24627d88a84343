import { Inject, Injectable } from '@nestjs/common';
import type { VNode } from 'preact';
import { newId, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { formToken } from './form-token.js';
import { WEB_OPTIONS, type WebOptions } from './options.js';
import { type PageFrame, type PageRequest, render } from './page.js';

/** Draws pages: `pages.draw(request, (frame) => <SomePage frame={frame} ... />)`. */
@Injectable()
export class Pages {
  constructor(
    @Inject(WEB_OPTIONS) private readonly options: WebOptions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @returns HTML, to be sent as the answer */
  async draw(request: PageRequest, page: (frame: PageFrame) => VNode): Promise<string> {
    const actor = request.actor ?? { client: this.options.client };
    // A page without links is better than none: this also draws the page that says the database is away.
    const navigation = await this.options.navigation(actor).catch(() => []);
    return render(
      page({
        appTitle: this.options.title,
        navigation,
        path: request.path,
        token: formToken(request, this.settings),
        newKey: this.options.keyedForms && newId,
        actor,
        session: actor.accountId ? this.options.sessionLeft?.(request) : undefined,
      }),
    );
  }
}
