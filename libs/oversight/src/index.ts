// What the state office looks after: who decides everywhere and where nobody does, what a change would move, and changes of
// the organisation. Never routes by itself and keeps no rows of its own.
export { OversightModule } from './oversight.module.js';
