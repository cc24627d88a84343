import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { GrantsService } from './grants.service.js';

@Module({ imports: [CatalogModule], providers: [GrantsService], exports: [GrantsService] })
export class GrantsModule {}
