import { createHash, randomBytes } from 'node:crypto';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Controller, Get, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { importJWK, SignJWT } from 'jose';
import pg from 'pg';
import { AuditModule } from '#audit';
import { databaseOptions } from '#database';
import { type Clock, KernelModule, newId, newToken } from '#kernel';
import type { Settings } from '#settings';
import { OidcHost, TokensModule } from '#tokens';
import { freshDatabase } from './database.js';
import { freePort } from './ports.js';
import { testSettings } from './settings.js';

/** Signs people in without asking: the account a test browser names is the one that "typed its password". */
@Controller()
class TestSignIn {
  constructor(private readonly oidc: OidcHost) {}

  @Get('interaction/:uid')
  async open(@Req() request: Request, @Res() response: Response): Promise<void> {
    const open = await this.oidc.interaction(request, response);
    if (open.prompt === 'entitlement') return this.oidc.refuse(request, response, 'access_denied', open.explanation);
    const accountId = request.headers['x-test-account'];
    if (typeof accountId !== 'string') return void response.status(200).send('sign in here');
    const authTime = Number(request.headers['x-test-auth-time'] ?? Math.floor(Date.now() / 1000));
    await this.oidc.finishSignIn(request, response, { accountId, authTime, amr: ['pwd'] });
  }
}

export interface TestProvider {
  app: NestExpressApplication;
  settings: Settings;
  oidc: OidcHost;
  /** As the owner of the tables. */
  sql: pg.Client;
  stop(): Promise<void>;
}

/** Another instance of the issuer on the same database. */
export async function anotherInstance(
  settings: Settings,
  clock?: Clock,
  shape: (app: NestExpressApplication) => void = () => {},
): Promise<NestExpressApplication> {
  @Module({
    imports: [
      KernelModule.with(settings, { clock }),
      MikroOrmModule.forRoot(databaseOptions(settings)),
      AuditModule,
      TokensModule,
    ],
    controllers: [TestSignIn],
  })
  class TestIssuerModule {}
  const app = await NestFactory.create<NestExpressApplication>(TestIssuerModule, {
    bodyParser: false,
    logger: ['fatal'],
    abortOnError: false,
  });
  const oidc = app.get(OidcHost);
  app.use(oidc.handler);
  oidc.serveProgramsOn(app.getHttpServer());
  shape(app);
  await app.init();
  return app;
}

/** An issuer of its own on a database of its own, listening. */
export async function startTestProvider(others: Record<string, string> = {}, clock?: Clock): Promise<TestProvider> {
  const database = await freshDatabase();
  const port = await freePort();
  const settings = testSettings(database.url, {
    ISSUER_PORT: String(port),
    REPORTING_ORIGIN: 'http://localhost:3999',
    REPORTING_CLIENT_SECRET: `demo-${randomBytes(32).toString('base64url')}`,
    ...others,
  });
  const app = await anotherInstance(settings, clock);
  await app.listen(port, '127.0.0.1');
  const sql = new pg.Client(database.url);
  await sql.connect();
  const stop = async (): Promise<void> => {
    await sql.end();
    await app.close();
    await database.drop();
  };
  return { app, settings, oidc: app.get(OidcHost), sql, stop };
}

export interface SeededPerson {
  accountId: string;
  staffMemberId: string;
  staffId: string;
}

/** An active account linked to a staff member, without any grant. */
export async function seedPerson(sql: pg.Client, options: { linked?: boolean } = {}): Promise<SeededPerson> {
  const [accountId, staffMemberId] = [newId(), newId()];
  const name = accountId.slice(0, 8);
  const staffId = String(1_000_000_000 + Math.floor(Math.random() * 8_999_999_999));
  await sql.query(
    `insert into account (id, user_name, user_name_key, first_name, last_name, email, email_key, status, created_at)
     values ($1, $2, $2, 'Odile', 'Testman', $2 || '@school.example', $2 || '@school.example', 'active', now())`,
    [accountId, name],
  );
  await sql.query(
    `insert into staff_member (id, staff_id, first_name, last_name, name_key, created_at) values ($1, $2, 'Odile', 'Testman', 'testman|odile', now())`,
    [staffMemberId, staffId],
  );
  if (options.linked !== false)
    await sql.query(`insert into staff_link (id, account_id, staff_member_id, linked_at) values ($1, $2, $3, now())`, [
      newId(),
      accountId,
      staffMemberId,
    ]);
  return { accountId, staffMemberId, staffId };
}

export interface TestGrant {
  application?: string;
  role?: string;
  permission?: string;
  level?: 'system' | 'site';
  code?: string;
  systemCode?: string;
}

/** Gives a permission: SER IEP Form writer at a site of Acadia Parish unless said otherwise. */
export async function seedGrant(sql: pg.Client, person: SeededPerson, grant: TestGrant = {}): Promise<string> {
  const id = newId();
  const {
    application = 'ser-iep-form',
    role = 'iep-form',
    permission = 'iep-form-writer',
    level = 'site',
    code = '001005',
    systemCode = '001',
  } = grant;
  await sql.query(
    `with given as (
       insert into access_grant (id, account_id, staff_member_id, application, role, permission, level, code, system_code, given_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() - interval '1 minute') returning *)
     insert into grant_version (id, grant_id, account_id, staff_member_id, application, role, permission, level, code, system_code, from_at, state, recorded_at, cause)
     select gen_random_uuid(), id, account_id, staff_member_id, application, role, permission, level, code, system_code, given_at, 'active', given_at, 'given' from given`,
    [id, person.accountId, person.staffMemberId, application, role, permission, level, code, systemCode],
  );
  return id;
}

/** A browser: cookies of one host, redirects followed by hand. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  /** Every Set-Cookie line it ever got. */
  readonly setCookies: string[] = [];

  constructor(
    readonly accountId?: string,
    readonly authTime?: number,
  ) {}

  async fetch(url: string, init: RequestInit = {}): Promise<globalThis.Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size)
      headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (this.accountId) headers.set('x-test-account', this.accountId);
    if (this.authTime) headers.set('x-test-auth-time', String(this.authTime));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  /** Follows redirects until one leads to `until`, or an answer comes. */
  async walk(url: string, until: string): Promise<{ url: URL; response: globalThis.Response }> {
    let at = url;
    for (let step = 0; step < 10; step += 1) {
      const response = await this.fetch(at);
      const location = response.headers.get('location');
      if (!location) return { url: new URL(at), response };
      at = new URL(location, at).href;
      if (at.startsWith(until)) return { url: new URL(at), response };
    }
    throw new Error(`too many redirects, last ${at}`);
  }

  private keep(line: string): void {
    this.setCookies.push(line);
    const [pair = ''] = line.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(name.length + 1);
    if (!value || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export interface TokenAnswer {
  status: number;
  body: Record<string, string | number | undefined> & {
    access_token?: string;
    refresh_token?: string;
    id_token?: string;
    error?: string;
    error_description?: string;
  };
}

/** A relying application under the test's control: it can also do what no proper one would. */
export class TestClient {
  constructor(
    readonly settings: Settings,
    readonly id: 'eser' | 'portal' | 'reporting' = 'eser',
  ) {}

  get origin(): string {
    return {
      eser: this.settings.ESER_ORIGIN,
      portal: this.settings.PORTAL_ORIGIN,
      reporting: this.settings.REPORTING_ORIGIN!,
    }[this.id];
  }

  get redirectUri(): string {
    return this.id === 'portal' ? `${this.origin}/sign-in/callback` : `${this.origin}/callback`;
  }

  get resource(): string | undefined {
    return this.id === 'portal' ? undefined : this.origin;
  }

  readonly verifier = newToken();

  authorizeUrl(others: Record<string, string | undefined> = {}): string {
    const parameters = {
      client_id: this.id,
      response_type: 'code',
      redirect_uri: this.redirectUri,
      scope: this.id === 'portal' ? 'openid' : 'openid permissions',
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...others,
    };
    const url = new URL('/oidc/auth', this.settings.ISSUER_ORIGIN);
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
    return url.href;
  }

  /** Signs a person in: the parameters that come back to the redirect URI. */
  async authorize(browser: TestBrowser, others: Record<string, string | undefined> = {}): Promise<URLSearchParams> {
    const { url } = await browser.walk(this.authorizeUrl(others), this.redirectUri);
    return url.searchParams;
  }

  async code(browser: TestBrowser, others: Record<string, string | undefined> = {}): Promise<string> {
    const answer = await this.authorize(browser, others);
    const code = answer.get('code');
    if (!code) throw new Error(`no code: ${answer.toString()}`);
    return code;
  }

  redeem(code: string, others: Record<string, string | undefined> = {}): Promise<TokenAnswer> {
    return this.post('/oidc/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.redirectUri,
      code_verifier: this.verifier,
      resource: this.resource,
      ...others,
    });
  }

  refresh(token: string, others: Record<string, string | undefined> = {}): Promise<TokenAnswer> {
    return this.post('/oidc/token', {
      grant_type: 'refresh_token',
      refresh_token: token,
      resource: this.resource,
      ...others,
    });
  }

  introspect(token: string): Promise<TokenAnswer> {
    return this.post('/oidc/token/introspection', { token });
  }

  async tokens(browser: TestBrowser): Promise<TokenAnswer['body']> {
    const { status, body } = await this.redeem(await this.code(browser));
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  }

  /** A signed client assertion; parts of it can be bent. */
  async assertion(bent: { claims?: Record<string, unknown>; header?: Record<string, unknown> } = {}): Promise<string> {
    const jwk = this.settings.ESER_CLIENT_KEY as { kid: string };
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.id,
      sub: this.id,
      aud: this.settings.ISSUER_ORIGIN,
      jti: newToken(),
      iat: now,
      exp: now + 60,
      ...bent.claims,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'PS256', kid: jwk.kid, ...bent.header })
      .sign(await importJWK({ ...jwk }, 'PS256'));
  }

  async post(
    path: string,
    parameters: Record<string, string | undefined>,
    headers: Record<string, string> = {},
  ): Promise<TokenAnswer> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) body.set(name, value);
    const secret = this.id === 'portal' ? this.settings.PORTAL_CLIENT_SECRET : this.settings.REPORTING_CLIENT_SECRET;
    if (this.id !== 'eser')
      headers.authorization ??= `Basic ${Buffer.from(`${this.id}:${encodeURIComponent(secret!)}`).toString('base64')}`;
    else if (!body.has('client_assertion')) {
      body.set('client_assertion', await this.assertion());
      body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    }
    const response = await fetch(new URL(path, this.settings.ISSUER_ORIGIN), {
      method: 'POST',
      body,
      headers: { accept: 'application/json', ...headers },
    });
    const text = await response.text();
    return { status: response.status, body: text ? (JSON.parse(text) as TokenAnswer['body']) : {} };
  }

  async userinfo(token: string): Promise<TokenAnswer> {
    const response = await fetch(new URL('/oidc/userinfo', this.settings.ISSUER_ORIGIN), {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    });
    return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
  }
}
