import { Controller, Get, Header, Query } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { kernelProblems } from '#kernel';
import { type Location, SitesService } from '#sites';
import { Access } from '#web';
import { aboutPlace } from '../parts/places.js';

interface FoundPlace extends Location {
  name: string;
  about: string;
}

/** Search while typing. The register is public; still, only who is signed in searches it here. */
@Controller('places')
@Access('signed-in')
export class PlacesController {
  constructor(
    private readonly sites: SitesService,
    private readonly catalog: CatalogService,
  ) {}

  @Get()
  @Header('Content-Type', 'application/json; charset=utf-8')
  async search(@Query('q') text: unknown, @Query('application') code: unknown): Promise<{ places: FoundPlace[] }> {
    if (typeof text !== 'string') throw kernelProblems.badInput('Say what to search for, once, as "q".');
    const application = this.catalog.applications().find((each) => each.code === code);
    const found = await this.sites.search(text);
    return {
      places: found
        .filter((place) => !application || application.levels.includes(place.level))
        .map((place) => ({ level: place.level, code: place.code, name: place.name, about: aboutPlace(place) })),
    };
  }
}
