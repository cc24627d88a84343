// The OpenID Provider: who may enter which application, the claims it gets, and what is remembered about it.
// The only place that knows oidc-provider. Never asks for a password and never decides who gets a permission.
export { OidcArtifact } from './oidc-artifact.js';
export { SigningKey } from './signing-key.js';
import { OidcArtifact } from './oidc-artifact.js';
import { SigningKey } from './signing-key.js';

export const tokensEntities = [OidcArtifact, SigningKey];
