// The applications that sign people in with us, and telling them that somebody's access changed: what is to be told is
// a row in the transaction of the change. Never decides who may enter.
export { type Delivery, Deliveries } from './deliveries.js';
export { type DueSignal, SignalOutbox } from './outbox.js';
export { ClientsFault, originsOf, readClients, type RelyingClient } from './relying-clients.js';
export { RELYING_CLIENTS } from './relying-clients.provider.js';
export { type Receipt, Signal, type SignalKind } from './signal.js';
export { Signals, signalTask } from './signals.service.js';
export { SignalsModule } from './signals.module.js';
import { Signal } from './signal.js';

export const signalsEntities = [Signal];
