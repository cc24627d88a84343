// Telling applications that somebody's access changed: what is to be told is a row in the transaction of the change.
// Never decides who may enter.
export { SignalsModule } from './signals.module.js';
