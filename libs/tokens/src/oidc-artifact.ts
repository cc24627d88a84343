import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'OidcArtifact',
  tableName: 'oidc_artifact',
  properties: {
    /** The library's model name: Session, Interaction, Grant, AuthorizationCode, RefreshToken, AccessToken, ReplayDetection. */
    kind: p.text().primary(),
    /** SHA-256 of the id, hex: a stolen table opens nothing (SE-1). */
    id: p.text().primary(),
    /** What the library wants back, without the id. */
    payload: p.json().$type<Record<string, unknown>>(),
    accountId: p.uuid().nullable(),
    clientId: p.text().nullable(),
    /** SHA-256 of the grant's id: all that came from one sign-in at one client, the family. */
    grantId: p.text().nullable(),
    /** SHA-256 of a session's second name, by which tokens are tied to it. */
    uid: p.text().nullable(),
    /** When the person proved who they are; not later than account.sessions_ended_at = dead (SE-4). */
    authTime: p.datetime().columnType('timestamptz').nullable(),
    consumedAt: p.datetime().columnType('timestamptz').nullable(),
    expiresAt: p.datetime().columnType('timestamptz'),
  },
  indexes: [
    { name: 'oidc_artifact_grant_index', properties: ['grantId'] },
    { name: 'oidc_artifact_account_index', properties: ['accountId'] },
    { name: 'oidc_artifact_uid_index', properties: ['uid', 'kind'] },
    { name: 'oidc_artifact_expires_index', properties: ['expiresAt'] },
  ],
});

/** One thing the OpenID Provider remembers. Read and written by SQL only (oidc-adapter.ts); this declares the table. */
export class OidcArtifact extends schema.class {}
schema.setClass(OidcArtifact);
