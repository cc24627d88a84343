import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { Deliveries } from './deliveries.js';
import { SignalOutbox } from './outbox.js';
import { relyingClients } from './relying-clients.provider.js';
import { Signals } from './signals.service.js';

/** Every app whose verbs change somebody's access needs it, so that applications hear of it. */
@Module({
  imports: [CatalogModule],
  providers: [relyingClients, Signals, SignalOutbox, Deliveries],
  exports: [relyingClients, Signals, SignalOutbox, Deliveries],
})
export class SignalsModule {}
