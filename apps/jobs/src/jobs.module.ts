import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '#accounts';
import { AuditModule } from '#audit';
import { ComplianceModule } from '#compliance';
import { databaseOptions } from '#database';
import { KernelModule, type Override } from '#kernel';
import { DeliveryModule, NotificationsModule } from '#notifications';
import { RequestsModule } from '#requests';
import type { Settings } from '#settings';
import { StaffModule } from '#staff';
import { SignalSendingModule } from '#tokens';
import { RepeatedForms } from '#web';

/** The libs whose messages the worker words; each registers its kinds when the app starts. */
const speaking = [AccountsModule, StaffModule, RequestsModule, ComplianceModule];

/** Background work: sends mail, tells applications whose access changed, and lets requests and access follow the days. */
@Module({})
export class JobsModule {
  static with(settings: Settings, override: Override = {}): DynamicModule {
    return {
      module: JobsModule,
      imports: [
        KernelModule.with(settings, override),
        MikroOrmModule.forRoot(databaseOptions(settings)),
        AuditModule,
        NotificationsModule,
        DeliveryModule,
        SignalSendingModule,
        ...speaking,
      ],
      providers: [RepeatedForms],
    };
  }
}
