// What people may do, where, from when to when: given, ended, asked; never overwritten. `GrantsService` never asks who may:
// the verb that gives or ends has established that. `GrantVerbs` asks.
export { AccessGrant } from './access-grant.js';
export { EndingAccess } from './ending-access.js';
export { GrantsModule, GrantVerbsModule } from './grants.module.js';
export { type EffectivePermission, effectiveRows, type EffectiveRow } from './effective.js';
export type { DutyMeeting, Holding, TimedPermission } from './duty-meetings.js';
export { GrantHistory, type PastGrant } from './grant-history.js';
export type { Grant } from './grant-list.js';
export { GrantVerbs, type RenewalResult } from './grant-verbs.js';
export { type EndedGrant, type Gift, GrantsService } from './grants.service.js';
export { HoldingRules } from './holding-rules.js';
export { UnusedAccess } from './unused-access.js';
export { grantsProblems } from './problems.js';
import { AccessGrant } from './access-grant.js';
import { ApplicationUse } from './application-use.js';
import { EndingNotice } from './ending-notice.js';
import { GrantVersion } from './grant-version.js';
import { UnusedWarning } from './unused-warning.js';

export const grantsEntities = [AccessGrant, GrantVersion, ApplicationUse, UnusedWarning, EndingNotice];
