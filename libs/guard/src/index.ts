// For applications that trust EdLink Security: verifies an access token and answers "may this person do that there?",
// and hears from the issuer when somebody's access ended.
// Depends on nothing of ours and only on `jose`: copy this folder. Never signs anybody in; that is openid-client's work.
export { VerifiedAccess, type HeldPermission, type Place } from './access.js';
export { createGuard, type Guard, type GuardOptions } from './guard.js';
export { GuardRefusal, GuardUnavailable, type RefusalCode } from './refusal.js';
export type { ReceivedEvent, ReceivedLogout } from './signals.js';
