import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { GrantsModule } from '#grants';
import { SignalsModule } from '#signals';
import { ClientRefusals } from './client-refusals.js';
import { Decider } from './decider.js';
import { Entitlement } from './entitlement.js';
import { LastUse } from './last-use.js';
import { OidcHost } from './oidc-host.js';
import { OidcStore } from './oidc-store.js';
import { RunningProvider } from './running-provider.js';
import { SigningKeys } from './signing-keys.service.js';
import { SignalSender } from './signal-sender.js';
import { SignalTokens } from './signal-tokens.js';
import { Statements } from './statements.js';

/** The OpenID Provider. Needs MikroORM, KernelModule and AuditModule in the app. */
@Module({
  imports: [CatalogModule, GrantsModule, SignalsModule],
  providers: [
    Statements,
    OidcStore,
    Entitlement,
    LastUse,
    Decider,
    ClientRefusals,
    SigningKeys,
    RunningProvider,
    OidcHost,
  ],
  exports: [OidcHost, Entitlement, SigningKeys],
})
export class TokensModule {}

/** Signing keys alone, for commands: no provider is started. */
@Module({ providers: [SigningKeys], exports: [SigningKeys] })
export class SigningKeysModule {}

/** Telling applications, for the worker: no provider is started. */
@Module({ imports: [SignalsModule], providers: [SigningKeys, SignalTokens, SignalSender], exports: [SignalSender] })
export class SignalSendingModule {}
