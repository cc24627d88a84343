import { Controller, Get, Inject, Req } from '@nestjs/common';
import { SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { Access, Pages, type PageRequest } from '#web';
import { HelpPage } from './help.page.js';

@Controller('help')
export class HelpController {
  constructor(
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Access('anyone')
  help(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <HelpPage frame={frame} issuer={this.settings.ISSUER_ORIGIN} />);
  }
}
