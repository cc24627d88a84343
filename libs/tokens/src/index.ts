// The OpenID Provider: who may enter which application, the claims it gets, and what is remembered about it.
// The only place that knows oidc-provider. Never asks for a password and never decides who gets a permission.
export { claimsBudget, eserClaims, permissionClaims, type PermissionClaim, type PermissionClaims } from './claims.js';
export { Entitlement, type Verdict } from './entitlement.js';
export { DangerousConfiguration, guardConfiguration } from './guard-configuration.js';
export { OidcArtifact } from './oidc-artifact.js';
export { type IssuerSession, OidcHost, type OpenInteraction, type SignInProof } from './oidc-host.js';
export { tokensProblems } from './problems.js';
export { SigningKey } from './signing-key.js';
export { leadTime, SigningKeys } from './signing-keys.service.js';
export { SignalSender } from './signal-sender.js';
export { SignalSendingModule, SigningKeysModule, TokensModule } from './tokens.module.js';
import { OidcArtifact } from './oidc-artifact.js';
import { SigningKey } from './signing-key.js';

export const tokensEntities = [OidcArtifact, SigningKey];
