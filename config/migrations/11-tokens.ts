import { Migration } from '@mikro-orm/migrations';

export class M11Tokens extends Migration {
  override up(): void {
    // Everything the OpenID Provider remembers. Ids are SHA-256: who reads the table can use none of them (SE-1).
    this.addSql(`create table oidc_artifact (
      kind text not null,
      id text not null,
      payload jsonb not null,
      account_id uuid null,
      client_id text null,
      grant_id text null,
      uid text null,
      auth_time timestamptz null,
      consumed_at timestamptz null,
      expires_at timestamptz not null,
      primary key (kind, id))`);
    this.addSql(`create index oidc_artifact_grant_index on oidc_artifact (grant_id)`);
    this.addSql(`create index oidc_artifact_account_index on oidc_artifact (account_id)`);
    this.addSql(`create index oidc_artifact_uid_index on oidc_artifact (uid, kind)`);
    this.addSql(`create index oidc_artifact_expires_index on oidc_artifact (expires_at)`);
    this.addSql(`create table signing_key (
      kid text primary key,
      alg text not null,
      sealed_private text not null,
      public_jwk jsonb not null,
      created_at timestamptz not null,
      active_from timestamptz not null,
      retired_at timestamptz null)`);
  }
}
