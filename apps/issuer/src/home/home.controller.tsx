import { Controller, Get, Inject, Req } from '@nestjs/common';
import { SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { Access, Pages, type PageRequest } from '#web';
import { HomePage } from './home.page.js';

@Controller()
@Access('anyone')
export class HomeController {
  constructor(
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  show(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <HomePage frame={frame} portal={this.settings.PORTAL_ORIGIN} />);
  }
}
