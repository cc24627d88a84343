import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '#accounts';
import { AuditModule } from '#audit';
import { databaseOptions } from '#database';
import { KernelModule, type Override, SETTINGS } from '#kernel';
import { NotificationsModule } from '#notifications';
import { RequestsModule } from '#requests';
import type { Settings } from '#settings';
import { OidcHost, TokensModule } from '#tokens';
import { WebModule } from '#web';
import { AccountController } from './account/account.controller.js';
import { AddressController } from './account/address.controller.js';
import { FreezeController } from './account/freeze.controller.js';
import { Answers } from './answers.js';
import { HomeController } from './home/home.controller.js';
import { LinkCookies } from './link-cookies.js';
import { ConfirmController } from './registration/confirm.controller.js';
import { RegisterController } from './registration/register.controller.js';
import { ResetController } from './reset/reset.controller.js';
import { InteractionController } from './sign-in/interaction.controller.js';
import { SignOutController } from './sign-in/sign-out.controller.js';
import { issuerOptions } from './web-options.js';

/** Where people register and sign in, and the OpenID Provider applications trust. Wiring only. */
@Module({})
export class IssuerModule {
  static with(settings: Settings, override: Override = {}): DynamicModule {
    return {
      module: IssuerModule,
      imports: [
        KernelModule.with(settings, override),
        MikroOrmModule.forRoot(databaseOptions(settings)),
        AuditModule,
        NotificationsModule,
        AccountsModule,
        RequestsModule, // open requests follow when somebody can no longer sign in
        TokensModule,
        WebModule.with({ imports: [TokensModule], inject: [SETTINGS, OidcHost], options: issuerOptions }),
      ],
      controllers: [
        HomeController,
        RegisterController,
        ConfirmController,
        InteractionController,
        SignOutController,
        ResetController,
        AccountController,
        AddressController,
        FreezeController,
      ],
      providers: [Answers, LinkCookies],
    };
  }
}
