import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import Provider, { errors, type Interaction as OidcInteraction, type KoaContextWithOIDC } from 'oidc-provider';
import { AuditService } from '#audit';
import { Clock, minutes, seconds, SETTINGS, sha256 } from '#kernel';
import type { Settings } from '#settings';
import { Decider } from './decider.js';
import { guardConfiguration } from './guard-configuration.js';
import { OidcStore, sessionSeconds } from './oidc-store.js';
import { tokensProblems } from './problems.js';
import { providerConfiguration } from './provider-configuration.js';
import { originsOf, type RelyingClient } from './relying-clients.js';
import { RELYING_CLIENTS } from './relying-clients.provider.js';
import { type IssuerKey, SigningKeys } from './signing-keys.service.js';
import { shapeProvider } from './shape-provider.js';

/** How the person proved who they are, and when. */
export interface SignInProof {
  accountId: string;
  /** Seconds since 1970, as PasswordSignIn returns it. */
  authTime: number;
  /** RFC 8176, such as `pwd`. */
  amr: string[];
}

/** An application waits for this person; what the issuer's page needs to go on. */
export interface OpenInteraction {
  uid: string;
  prompt: 'login' | 'entitlement';
  reasons: string[];
  clientId: string;
  clientName: string;
  /** Who is signed in at this browser already. */
  accountId?: string;
  /** With `entitlement`: why the person may not enter, for them to read. */
  explanation?: string;
  params: Record<string, unknown>;
}

/** Who is signed in at this browser. */
export interface IssuerSession {
  accountId: string;
  /** Seconds since 1970. */
  authTime: number;
  /** For Actor.session: the same for the whole session, and opens nothing. */
  sessionRef: string;
  /** Applications opened in this session. */
  clients: string[];
}

const keysCheckedEvery = seconds(15);
const purgedEvery = minutes(10);
/** What only programs ask for; no person ever sees an answer. */
const programPaths = new Set([
  '/oidc/token',
  '/oidc/token/introspection',
  '/oidc/token/revocation',
  '/oidc/jwks',
  '/oidc/userinfo',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
]);
const programHeaders: [string, string][] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Referrer-Policy', 'no-referrer'],
];
const paths = /^\/(oidc\/|\.well-known\/(openid-configuration|oauth-authorization-server)$)/;

/** The OpenID Provider, mounted in the issuer. */
@Injectable()
export class OidcHost implements OnModuleInit {
  private readonly log = new Logger('oidc');
  private provider!: Provider;
  private serve!: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  private version = '';
  private checkedAt = 0;
  private purgedAt = 0;
  private checking?: Promise<void>;

  /** Origins forms of the issuer may lead to: those of all clients. */
  readonly formTargets: string[];

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(RELYING_CLIENTS) private readonly clients: RelyingClient[],
    private readonly keys: SigningKeys,
    private readonly store: OidcStore,
    private readonly decider: Decider,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    this.formTargets = originsOf(clients);
  }

  async onModuleInit(): Promise<void> {
    await this.keys.ensure();
    await this.checkKeys();
  }

  /** Express middleware: takes the OpenID Connect endpoints, passes everything else on. Mount it before body parsers. */
  handler = (request: Request, response: Response, next: NextFunction): void => {
    if (paths.test(request.path)) this.answer(request, response, next);
    else next();
  };

  /**
   * Lets the endpoints that programs call pass by Express and the headers of pages: introspection answers half as many
   * again. Only under our own name; any other Host header goes the long way and is refused there.
   */
  serveProgramsOn(server: Server): void {
    const [pages] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
    const { host, protocol } = new URL(this.settings.ISSUER_ORIGIN);
    server.removeAllListeners('request').on('request', (request: IncomingMessage, response: ServerResponse) => {
      const [path = ''] = (request.url ?? '').split('?', 1);
      if (!programPaths.has(path) || request.headers.host !== host) return pages!(request, response);
      for (const [name, value] of programHeaders) response.setHeader(name, value);
      if (protocol === 'https:') response.setHeader('Strict-Transport-Security', 'max-age=31536000');
      this.answer(request, response, () => response.writeHead(500).end());
    });
  }

  /**
   * What the application at the other end of this browser waits for.
   * @throws tokens.sign-in-expired when nothing is open, or another browser began it (OA-14)
   */
  async interaction(request: Request, response: Response): Promise<OpenInteraction> {
    const open = await this.openInteraction(request, response);
    const { client_id: clientId } = open.params as { client_id: string };
    const details = open.prompt.details as { explanation?: string };
    return {
      uid: open.uid,
      prompt: open.prompt.name as OpenInteraction['prompt'],
      reasons: open.prompt.reasons,
      clientId,
      clientName: this.clients.find((client) => client.id === clientId)?.name ?? clientId,
      accountId: open.session?.accountId,
      explanation: details.explanation,
      params: open.params,
    };
  }

  /** The person proved who they are: goes back to the application. Answers the request. */
  async finishSignIn(request: Request, response: Response, proof: SignInProof): Promise<void> {
    const open = await this.openInteraction(request, response);
    if (open.session?.accountId && open.session.accountId !== proof.accountId) {
      // Somebody else sat here before: that session ends with all its tokens.
      await this.store.removeSession(open.session.uid);
      open.session = undefined;
      await open.persist();
    }
    await this.provider.interactionFinished(
      request,
      response,
      {
        login: { accountId: proof.accountId, ts: proof.authTime, amr: proof.amr, remember: false },
      },
      { mergeWithLastSubmission: false },
    );
  }

  /** Sends the person back to the application with an error, and writes it down. Answers the request. */
  async refuse(request: Request, response: Response, error: string, description = ''): Promise<void> {
    const open = await this.openInteraction(request, response);
    const refusal = { action: 'application.enter', target: `client:${String(open.params.client_id)}` };
    await this.audit.recordRefusal(
      { client: 'issuer', accountId: open.session?.accountId, address: request.ip },
      tokensProblems.notEntitled(description, { refusal }),
    );
    await this.provider.interactionFinished(
      request,
      response,
      { error, error_description: description },
      { mergeWithLastSubmission: false },
    );
  }

  /** Signs a browser in without an application waiting: for people who came straight to the issuer. */
  async startSession(request: Request, response: Response, proof: SignInProof): Promise<void> {
    const ctx = this.provider.createContext(request, response) as KoaContextWithOIDC;
    let session = await this.provider.Session.get(ctx);
    if (session.accountId && session.accountId !== proof.accountId) {
      await this.store.removeSession(session.uid);
      session = new this.provider.Session();
    } else if (session.accountId) {
      session.resetIdentifier();
    }
    session.loginAccount({ accountId: proof.accountId, loginTs: proof.authTime, amr: proof.amr, transient: true });
    await session.save(sessionSeconds.idle);
    this.setSessionCookie(ctx, session.jti);
  }

  /** Who is signed in at this browser; asking counts as being at work (SE-3). */
  async sessionOf(request: Request, response: Response): Promise<IssuerSession | undefined> {
    const session = await this.provider.Session.get(
      this.provider.createContext(request, response) as KoaContextWithOIDC,
    );
    if (!session.accountId || !session.loginTs) return undefined;
    await this.store.touchSession(session.uid);
    return {
      accountId: session.accountId,
      authTime: session.loginTs,
      sessionRef: sha256(`session ${session.uid}`),
      clients: Object.keys(session.authorizations ?? {}),
    };
  }

  /** Ends the session of this browser and all tokens that began in it. */
  async signOut(request: Request, response: Response): Promise<void> {
    const ctx = this.provider.createContext(request, response) as KoaContextWithOIDC;
    const session = await this.provider.Session.get(ctx);
    if (session.accountId) await this.store.removeSession(session.uid);
    this.setSessionCookie(ctx, null);
  }

  private answer(request: IncomingMessage, response: ServerResponse, failed: (fault: unknown) => void): void {
    if (this.keysAreFresh()) void this.serve(request, response);
    else this.freshKeys().then(() => this.serve(request, response), failed);
  }

  private setSessionCookie(ctx: KoaContextWithOIDC, value: string | null): void {
    const secure = this.settings.ISSUER_ORIGIN.startsWith('https://');
    ctx.cookies.set(this.provider.cookieName('session'), value, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure,
      signed: true,
    });
  }

  private async openInteraction(request: Request, response: Response): Promise<OidcInteraction> {
    try {
      const open = await this.provider.interactionDetails(request, response);
      const asked = /^\/interaction\/([^/]+)/.exec(request.path)?.[1];
      if (asked === undefined || asked === open.uid) return open;
    } catch (fault) {
      if (!(fault instanceof errors.SessionNotFound)) throw fault;
    }
    throw tokensProblems.signInExpired(
      'It took too long, or you began another one in this browser. Go back to the application and sign in again.',
    );
  }

  /** Keys are looked at again after 15 seconds, by one request for all. */
  private keysAreFresh(): boolean {
    return this.clock.now().getTime() - this.checkedAt < keysCheckedEvery;
  }

  private freshKeys(): Promise<void> {
    this.checking ??= this.checkKeys()
      .catch((fault: unknown) => this.log.error(`signing keys could not be read: ${String(fault)}`))
      .finally(() => (this.checking = undefined));
    return this.checking;
  }

  private async checkKeys(): Promise<void> {
    const keys = await this.keys.published();
    const version = keys.map((key) => key.kid).join(' ');
    if (version !== this.version) {
      this.build(keys);
      this.version = version;
    }
    this.checkedAt = this.clock.now().getTime();
    if (this.checkedAt - this.purgedAt < purgedEvery) return;
    this.purgedAt = this.checkedAt;
    await this.store.purge();
  }

  private build(keys: IssuerKey[]): void {
    const { ISSUER_ORIGIN: issuer, EDLINK_MODE: mode, TRUSTED_PROXY_HOPS: trustedHops } = this.settings;
    const configuration = providerConfiguration(this.settings, this.clients, keys, this.decider);
    const provider = new Provider(issuer, configuration);
    shapeProvider(provider, this.decider, keys);
    guardConfiguration(configuration, {
      issuer,
      production: mode === 'production',
      proxy: provider.proxy,
      trustedHops,
    });
    provider.on('server_error', (ctx, fault) =>
      this.log.error(`${ctx.method} ${ctx.path}: ${fault.message}`, fault.stack),
    );
    this.provider = provider;
    this.serve = provider.callback() as never;
  }
}
