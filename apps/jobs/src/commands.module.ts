import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { databaseOptions } from '#database';
import { AuditModule } from '#audit';
import { ComplianceModule } from '#compliance';
import { CoordinatorsModule } from '#coordinators';
import { KernelModule, type Override } from '#kernel';
import { NotificationsModule } from '#notifications';
import { RequestsModule } from '#requests';
import type { Settings } from '#settings';
import { SignalsModule } from '#signals';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { SigningKeysModule } from '#tokens';
import { CommandLine } from './command-line.js';
import { ImportSitesCommand } from './commands/import-sites.command.js';
import { ImportStaffCommand } from './commands/import-staff.command.js';
import { MigrateCommand } from './commands/migrate.command.js';
import { NameCoordinatorCommand } from './commands/name-coordinator.command.js';
import { NameHeadCommand } from './commands/name-head.command.js';
import { RotateSigningKeyCommand } from './commands/rotate-signing-key.command.js';
import { SitesCommand } from './commands/sites.command.js';
import { WorkCommand } from './commands/work.command.js';
import { Terminal } from './terminal.js';

/** The libs that commands act through; requests and applications follow what they change. */
const libs: NonNullable<DynamicModule['imports']> = [
  SitesModule,
  StaffModule,
  CoordinatorsModule,
  RequestsModule,
  ComplianceModule,
  SignalsModule,
  SigningKeysModule,
];

/** Every command of the administrator's command line, in the order the help lists them. */
const commands: Provider[] = [
  WorkCommand,
  MigrateCommand,
  ImportSitesCommand,
  ImportStaffCommand,
  NameCoordinatorCommand,
  NameHeadCommand,
  ...SitesCommand.registerWithSubCommands(),
  RotateSigningKeyCommand,
];

/** The administrator's command line. */
@Module({})
export class CommandsModule {
  static with(settings: Settings, terminal: Terminal, override: Override = {}): DynamicModule {
    return {
      module: CommandsModule,
      imports: [
        KernelModule.with(settings, override),
        MikroOrmModule.forRoot(databaseOptions(settings)),
        AuditModule,
        NotificationsModule,
        ...libs,
      ],
      providers: [CommandLine, { provide: Terminal, useValue: terminal }, ...commands],
    };
  }
}
