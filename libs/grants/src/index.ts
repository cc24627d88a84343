// What people may do, where, from when to when: given, ended, asked. Never decides who gets something: the verb that
// gives or ends has established that its actor may.
export { AccessGrant } from './access-grant.js';
export { GrantsModule } from './grants.module.js';
export { type EffectivePermission, effectiveRows, type EffectiveRow } from './effective.js';
export { type Gift, type Grant, GrantsService } from './grants.service.js';
export { grantsProblems } from './problems.js';
import { AccessGrant } from './access-grant.js';

export const grantsEntities = [AccessGrant];
