import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '#accounts';
import { databaseOptions } from '#database';
import { AuditModule } from '#audit';
import { KernelModule, type Override } from '#kernel';
import { DeliveryModule, NotificationsModule } from '#notifications';
import type { Settings } from '#settings';

/** The libs whose messages the worker words; each registers its kinds when the app starts. */
const speaking: NonNullable<DynamicModule['imports']> = [AccountsModule];

/** Background work: sends mail. */
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
        ...speaking,
      ],
    };
  }
}
