import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { projectRoot } from '#settings';
import { CatalogService } from './catalog.service.js';
import { readCatalog } from './read-catalog.js';

/** Reads config/catalog/applications.yaml when an app starts; with a fault in it no app starts. */
@Module({
  providers: [
    {
      provide: CatalogService,
      useFactory: () =>
        new CatalogService(readCatalog(readFileSync(join(projectRoot, 'config/catalog/applications.yaml'), 'utf8'))),
    },
  ],
  exports: [CatalogService],
})
export class CatalogModule {}
