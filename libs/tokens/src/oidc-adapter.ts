import type { Adapter, AdapterPayload } from 'oidc-provider';
import Provider, { errors } from 'oidc-provider';
import { sha256 } from '#kernel';
import type { Artifact, IntrospectionView, OidcStore } from './oidc-store.js';

/** What the adapter needs from its host besides the table. */
export interface AdapterHooks {
  store: OidcStore;
  /** What a request to the introspection endpoint has read; undefined for every other request. */
  introspection(ctx: unknown): Introspection | undefined;
  /** A code or refresh token was used a second time. */
  reused(kind: string, clientId: string | undefined): Promise<void>;
}

/** One introspection: token, family, session and permissions come in one round trip, whatever the library asks for. */
export class Introspection {
  private view?: Promise<IntrospectionView | undefined>;

  constructor(
    private readonly store: OidcStore,
    private readonly applications: string[],
  ) {}

  read(token: string): Promise<IntrospectionView | undefined> {
    this.view ??= this.store.introspect(token, this.applications);
    return this.view;
  }

  /** What was read before. */
  async known(): Promise<IntrospectionView | undefined> {
    return this.view;
  }
}

/** The part of the library's request context the adapter reads. */
interface Context {
  oidc?: { route?: string; session?: { uid?: string; loginTs?: number }; client?: { clientId: string } };
}

/** What belongs to the family of a grant, and dies with it. */
const members = ['AuthorizationCode', 'RefreshToken', 'AccessToken'];
/** What a client hands over once. */
const once = ['AuthorizationCode', 'RefreshToken'];
const single = 'client assertion tokens must only be used once';

/**
 * Keeps one kind of artifact in PostgreSQL. The library reads, checks and then calls `consume`, trusting it: what may
 * happen once is decided here, by the number of rows one statement changed (OA-4, OA-5, OA-6).
 */
export class OidcAdapter implements Adapter {
  constructor(
    private readonly kind: string,
    private readonly hooks: AdapterHooks,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const { store } = this.hooks;
    const artifact = this.artifact(id, payload, expiresIn);
    if (this.kind === 'ReplayDetection') {
      if (!(await store.saveOnce(artifact))) throw new errors.InvalidClientAuth(single);
    } else if (members.includes(this.kind)) {
      if (!(await store.saveMember(artifact))) throw new errors.InvalidGrant('grant not found');
    } else {
      await store.save(artifact);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    // Clients come from configuration; the jti of an assertion is looked up by its insert alone.
    if (this.kind === 'Client' || this.kind === 'ReplayDetection') return undefined;
    const introspection = this.hooks.introspection(Provider.ctx);
    if (introspection) return this.introspected(introspection, id);
    const row = await this.hooks.store.find(this.kind, id);
    // The library refuses it and revokes the family by itself, without asking us.
    if (row?.consumed && once.includes(this.kind) && this.request?.route === 'token') await this.noteReuse();
    return row && { ...row.payload, jti: id, exp: row.exp, ...(row.consumed && { consumed: row.consumed }) };
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const view = await this.hooks.introspection(Provider.ctx)?.known();
    if (view)
      return {
        kind: 'Session',
        uid,
        accountId: view.account_id,
        exp: view.session_exp,
        authorizations: { [view.client_id]: { grantId: view.session_grant } },
      } as AdapterPayload;
    const row = await this.hooks.store.findSession(uid);
    return row && { ...row.payload, exp: row.exp };
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const { store } = this.hooks;
    if (await store.consume(this.kind, id)) return;
    if (this.kind === 'PushedAuthorizationRequest')
      throw new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used');
    // Somebody else holds it too, so nobody keeps what came of it.
    await store.removeFamilyOf(this.kind, id);
    await this.noteReuse();
    throw new errors.InvalidGrant('used already');
  }

  async destroy(id: string): Promise<void> {
    const removed = await this.hooks.store.remove(this.kind, id);
    // A finished interaction answers once, also to two requests in the same instant.
    if (!removed && this.kind === 'Interaction') throw new errors.SessionNotFound('interaction session not found');
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.hooks.store.removeFamily(grantId);
  }

  /** The request this artifact is asked for in. */
  private get request(): Context['oidc'] {
    return (Provider.ctx as Context | undefined)?.oidc;
  }

  private noteReuse(): Promise<void> {
    return this.hooks.reused(this.kind, this.request?.client?.clientId);
  }

  /** Only access tokens can be introspected; a refresh token is looked for nowhere. */
  private async introspected(introspection: Introspection, id: string): Promise<AdapterPayload | undefined> {
    if (this.kind === 'AccessToken') {
      const view = await introspection.read(id);
      return view && { ...view.token, jti: id, exp: view.token_exp };
    }
    const view = this.kind === 'Grant' ? await introspection.known() : undefined;
    return (
      view && { kind: 'Grant', jti: id, accountId: view.account_id, clientId: view.client_id, exp: view.family_exp }
    );
  }

  private artifact(id: string, { jti: _id, ...payload }: AdapterPayload, expiresIn: number): Artifact {
    const session = this.request?.session;
    const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
    const hashed = (value: unknown): string | undefined => (typeof value === 'string' ? sha256(value) : undefined);
    const isGrant = this.kind === 'Grant';
    return {
      kind: this.kind,
      id: sha256(id),
      payload: this.kind === 'Interaction' ? withoutSessionId(payload) : payload,
      accountId: text(payload.accountId),
      clientId: text(payload.clientId),
      grantId: isGrant ? sha256(id) : members.includes(this.kind) ? hashed(payload.grantId) : undefined,
      uid: isGrant ? hashed(session?.uid) : hashed(payload.uid ?? payload.sessionUid),
      authTime: (payload.loginTs ?? payload.authTime ?? (isGrant ? (session?.loginTs ?? payload.iat) : undefined)) as
        number | undefined,
      exp: typeof payload.exp === 'number' ? payload.exp : Math.floor(Date.now() / 1000) + expiresIn,
    };
  }
}

/** The library copies the session cookie's value into an interaction and never reads it; it is not ours to keep (SE-1). */
function withoutSessionId(payload: AdapterPayload): AdapterPayload {
  const { session } = payload as { session?: Record<string, unknown> };
  if (!session) return payload;
  const { cookie: _cookie, ...rest } = session;
  return { ...payload, session: rest };
}
