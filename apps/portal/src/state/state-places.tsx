import { Injectable } from '@nestjs/common';
import { HeadsService } from '#coordinators';
import { kernelProblems, Problem, type SignedIn } from '#kernel';
import { RegisterImpact } from '#oversight';
import { locationKey, type PlacedLocation, SitesService, sitesProblems } from '#sites';
import { Pages, type PageRequest } from '#web';
import { type PlacePageProps, StatePlacePage } from './place.page.js';

/** What the page of a place says beside the place itself. */
type PlaceAnswer = Partial<Pick<PlacePageProps, 'notice' | 'problem' | 'form' | 'faults' | 'typed'>>;

/** The page of a place, for all who draw it. */
@Injectable()
export class StatePlaces {
  constructor(
    private readonly sites: SitesService,
    private readonly impact: RegisterImpact,
    private readonly heads: HeadsService,
    private readonly pages: Pages,
  ) {}

  /** @throws kernel.not-found (404): an address with an unknown place is no page */
  async at(level: string, code: string): Promise<PlacedLocation> {
    try {
      if (level === 'system' || level === 'site') return await this.sites.place({ level, code });
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== sitesProblems.unknownCode.code) throw problem;
    }
    throw kernelProblems.notFound('There is no such place. Search for it by name or code.');
  }

  async draw(request: PageRequest, actor: SignedIn, level: string, code: string, answer: PlaceAnswer): Promise<string> {
    const place = await this.at(level, code);
    const history = await this.sites.history(place);
    const codes = await this.sites.codes(place);
    const impact = (await this.impact.of(actor, [place])).get(locationKey(place))!;
    const head = level === 'system' ? await this.heads.headOf(code) : undefined;
    return this.pages.draw(request, (frame) => (
      <StatePlacePage frame={frame} {...{ place, history, codes, impact, head }} {...answer} />
    ));
  }
}
