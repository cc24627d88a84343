import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { SETTINGS } from '#kernel';
import { MessageKinds } from '#notifications';
import { projectRoot, type Settings } from '#settings';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { Appointer } from './appointer.js';
import { Appointments } from './appointments.js';
import { CoordinatorHistory } from './coordinator-history.js';
import { coordinatorMessages } from './coordinator-messages.js';
import { CoordinatorNews } from './coordinator-news.js';
import { CoordinatorsService } from './coordinators.service.js';
import { coverMessages } from './cover-messages.js';
import { CoverQueries } from './cover-queries.js';
import { CoverRules } from './cover-rules.js';
import { CoverService } from './cover.service.js';
import { DepartureNews } from './departure-news.js';
import { DesignationProposals } from './designation-proposals.js';
import { DesignationReading } from './designation-reading.js';
import { DesignationRecord } from './designation-record.js';
import { DesignationProgress } from './designation-progress.js';
import { DesignationService } from './designation.service.js';
import { DutyReading } from './duty-reading.js';
import { DutyRecords } from './duty-records.js';
import { dutyMessages } from './duty-messages.js';
import { DutiesService } from './duties.service.js';
import { HeadsService } from './heads.service.js';
import { LastOne } from './last-one.js';
import { Leavers } from './leavers.js';
import { Leaving } from './leaving.js';
import { CoordinatorStatement, readStatement } from './read-statement.js';
import { StateOffice } from './state-office.js';
import { StatementService } from './statement.service.js';
import { Takeovers } from './takeovers.js';
import { Vacancies } from './vacancies.js';

const services = [
  CoordinatorsService,
  CoverService,
  Appointments,
  HeadsService,
  DutiesService,
  DutyReading,
  DesignationService,
  StatementService,
  Vacancies,
  CoordinatorHistory,
  StateOffice,
  Leavers,
];

/** Reads config/statements/coordinator.yaml when an app starts; with a fault in it no app starts. */
const statement = {
  provide: CoordinatorStatement,
  useFactory: () => readStatement(readFileSync(join(projectRoot, 'config/statements/coordinator.yaml'), 'utf8')),
};

@Module({
  imports: [CatalogModule, SitesModule, StaffModule],
  providers: [
    ...services,
    statement,
    CoordinatorNews,
    DutyRecords,
    CoverQueries,
    CoverRules,
    Takeovers,
    Appointer,
    LastOne,
    DepartureNews,
    Leaving,
    DesignationReading,
    DesignationRecord,
    DesignationProposals,
    DesignationProgress,
  ],
  exports: services,
})
export class CoordinatorsModule implements OnModuleInit {
  constructor(
    private readonly kinds: MessageKinds,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(
      ...coordinatorMessages(this.settings.PORTAL_ORIGIN),
      ...coverMessages(this.settings.PORTAL_ORIGIN),
      ...dutyMessages(this.settings.PORTAL_ORIGIN),
    );
  }
}
