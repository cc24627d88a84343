import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { errors, type Interaction as OidcInteraction, type KoaContextWithOIDC } from 'oidc-provider';
import { AuditService } from '#audit';
import { SETTINGS, sha256 } from '#kernel';
import type { Settings } from '#settings';
import { originsOf, RELYING_CLIENTS, type RelyingClient, Signals } from '#signals';
import { addressOf } from '#web';
import { OidcStore, sessionSeconds } from './oidc-store.js';
import { tokensProblems } from './problems.js';
import { RunningProvider } from './running-provider.js';

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

const refOf = (uid: string): string => sha256(`session ${uid}`);
/** What the person is told at the application comes from this interaction alone, not from an earlier one. */
const alone = { mergeWithLastSubmission: false };

/** The OpenID Provider, mounted in the issuer. */
@Injectable()
export class OidcHost {
  /** Origins forms of the issuer may lead to: those of all clients. */
  readonly formTargets: string[];

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(RELYING_CLIENTS) private readonly clients: RelyingClient[],
    private readonly running: RunningProvider,
    private readonly store: OidcStore,
    private readonly audit: AuditService,
    private readonly signals: Signals,
  ) {
    this.formTargets = originsOf(clients);
  }

  /** Express middleware: takes the OpenID Connect endpoints, passes everything else on. Mount it before body parsers. */
  handler = (request: Request, response: Response, next: NextFunction): void => {
    if (paths.test(request.path)) this.running.answer(request, response, next);
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
      this.running.answer(request, response, () => response.writeHead(500).end());
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
      await this.endSession(open.session.uid);
      open.session = undefined;
      await open.persist();
    }
    const login = { accountId: proof.accountId, ts: proof.authTime, amr: proof.amr, remember: false };
    await this.running.now.interactionFinished(request, response, { login }, alone);
  }

  /** Sends the person back to the application with an error, and writes it down. Answers the request. */
  async refuse(request: Request, response: Response, error: string, description = ''): Promise<void> {
    const open = await this.openInteraction(request, response);
    const refusal = { action: 'application.enter', target: `client:${String(open.params.client_id)}` };
    const { accountId, uid } = open.session ?? {};
    const actor = { client: 'issuer' as const, accountId, session: uid && refOf(uid), address: addressOf(request) };
    await this.audit.recordRefusal(actor, tokensProblems.notEntitled(description, { refusal }));
    await this.running.now.interactionFinished(request, response, { error, error_description: description }, alone);
  }

  /** Signs a browser in without an application waiting: for people who came straight to the issuer. */
  async startSession(request: Request, response: Response, proof: SignInProof): Promise<void> {
    const ctx = this.running.now.createContext(request, response) as KoaContextWithOIDC;
    let session = await this.running.now.Session.get(ctx);
    if (session.accountId && session.accountId !== proof.accountId) {
      await this.endSession(session.uid);
      session = new this.running.now.Session();
    }
    // Whatever id the browser came with, somebody may have planted it (SE-1).
    if (!(session as { new?: boolean }).new) session.resetIdentifier();
    session.loginAccount({ accountId: proof.accountId, loginTs: proof.authTime, amr: proof.amr, transient: true });
    await session.save(sessionSeconds.idle);
    this.setSessionCookie(ctx, session.jti);
  }

  /** Who is signed in at this browser; asking counts as being at work (SE-3). */
  async sessionOf(request: Request, response: Response): Promise<IssuerSession | undefined> {
    const ctx = this.running.now.createContext(request, response) as KoaContextWithOIDC;
    const session = await this.running.now.Session.get(ctx);
    if (!session.accountId || !session.loginTs) return undefined;
    await this.store.touchSession(session.uid);
    return {
      accountId: session.accountId,
      authTime: session.loginTs,
      sessionRef: refOf(session.uid),
      clients: Object.keys(session.authorizations ?? {}),
    };
  }

  /** Ends the session of this browser and all tokens that began in it. */
  async signOut(request: Request, response: Response): Promise<void> {
    const ctx = this.running.now.createContext(request, response) as KoaContextWithOIDC;
    const session = await this.running.now.Session.get(ctx);
    if (session.accountId) await this.endSession(session.uid);
    this.setSessionCookie(ctx, null);
  }

  /** Applications hear of it before it is forgotten which ones there are; to hear of it once too often does no harm. */
  private async endSession(uid: string): Promise<void> {
    await this.signals.sessionEnds(uid);
    await this.store.removeSession(uid);
  }

  private setSessionCookie(ctx: KoaContextWithOIDC, value: string | null): void {
    const secure = this.settings.ISSUER_ORIGIN.startsWith('https://');
    ctx.cookies.set(this.running.now.cookieName('session'), value, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure,
      signed: true,
    });
  }

  private async openInteraction(request: Request, response: Response): Promise<OidcInteraction> {
    try {
      const open = await this.running.now.interactionDetails(request, response);
      const asked = /^\/interaction\/([^/]+)/.exec(request.path)?.[1];
      if (asked === undefined || asked === open.uid) return open;
    } catch (fault) {
      if (!(fault instanceof errors.SessionNotFound)) throw fault;
    }
    throw tokensProblems.signInExpired(
      'It took too long, or you began another one in this browser. Go back to the application and sign in again.',
    );
  }
}
