import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock } from '#kernel';
import { SitesService } from '#sites';
import { CoordinatorReading } from './reading.js';

/** Who decides and who may; how coordinators begin and leave is in `Appointments`. */
@Injectable()
export class CoordinatorsService extends CoordinatorReading {
  constructor(em: EntityManager, clock: Clock, sites: SitesService, catalog: CatalogService) {
    super(em, clock, sites, catalog);
  }
}
