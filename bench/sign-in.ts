import { createHash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { hash, verify } from '@node-rs/argon2';
import { Passwords, PasswordSignIn } from '#accounts';
import { newId } from '#kernel';
import type { Settings } from '#settings';
import { createIssuer } from '../apps/issuer/src/create.js';
import { type BenchRow, inTurns, median, perSecond } from './bench-row.js';
import { startBenchSystem } from './bench-system.js';
import { tokenOf, Visitor } from './visitor.js';

const people = 64;
/** People signing in at a time; the hashing queue works on four of them, the others are at the database or wait. */
const parallel = 16;
const rounds = 5;
const roundTime = 3000;
const passphrase = 'lantern otter velvet heron';

/** What Keycloak's sizing guide was measured with (argon2id, 7 MiB, five passes): 15 sign-ins a second per vCPU. */
const keycloak = { cost: { memoryCost: 7168, timeCost: 5, parallelism: 1 }, perCpu: 15 };

/** B3: a sign-in with a passphrase, against the same hash in a bare loop; and whether unknown names take as long (EN-2). */
export async function run(): Promise<BenchRow[]> {
  const system = await startBenchSystem({ TRUSTED_PROXY_HOPS: '1' });
  const issuer = await createIssuer(system.settings);
  await issuer.listen(system.settings.ISSUER_PORT);
  try {
    return await new SignInBench(issuer, system.settings).rows();
  } finally {
    await issuer.close();
    await system.stop();
  }
}

class SignInBench {
  private readonly em: EntityManager;
  private readonly passwords: Passwords;
  private stored = '';
  private turn = 0;

  constructor(
    private readonly issuer: NestExpressApplication,
    private readonly settings: Settings,
  ) {
    this.em = issuer.get(MikroORM).em as EntityManager;
    this.passwords = issuer.get(Passwords, { strict: false });
  }

  async rows(): Promise<BenchRow[]> {
    const verb = await this.compare((worker) => this.verb(worker), await this.withPeople());
    const whole = await this.compare(() => this.throughThePages(), this.stored);
    const timing = await this.timing();
    const atKeycloaks = await this.compare(() => this.throughThePages(), await this.withPeople(keycloak.cost));
    const perCpu = atKeycloaks.ours / availableParallelism();
    return [
      {
        id: 'B3',
        name: 'sign in, verb with audit row (per second)',
        ...verb,
        goal: 'at least 0.8 of the hash',
        note: 'besides the hash: 11 statements, most of them counters of tries, each its own commit; PostgreSQL on the same CPUs',
      },
      {
        id: 'B3',
        name: 'sign in, all pages from application to code (per second)',
        ...whole,
        goal: 'at least 0.8 of the hash',
        note: 'four requests: authorize, page, form, resume; generator and PostgreSQL on the same CPUs',
      },
      {
        id: 'B3',
        name: "the same at Keycloak's parameters, per vCPU",
        ours: perCpu,
        baseline: keycloak.perCpu,
        ratio: perCpu / keycloak.perCpu,
        goal: 'at least 3 times',
        note: 'baseline is published, from another machine',
      },
      { id: 'EN-2', name: 'wrong sign-in, known name : unknown name (ms, median)', ...timing, goal: '0.9 to 1.1' },
    ];
  }

  /** Both sides in turns. The counters of tries are emptied between rounds: they would end the bench, and rightly. */
  private async compare(ours: (worker: number) => Promise<unknown>, stored: string) {
    const secret = Buffer.from(this.settings.PASSWORD_SECRET);
    await perSecond(parallel, 1000, ours);
    return inTurns(
      rounds,
      async () => {
        await this.em.fork().execute('delete from attempt_counter');
        return perSecond(parallel, roundTime, ours);
      },
      () => perSecond(parallel, roundTime, () => verify(stored, passphrase, { secret })),
    );
  }

  /** People who can sign in, with hashes of one cost. @returns the hash */
  private async withPeople(cost = (this.passwords as unknown as { cost: typeof keycloak.cost }).cost): Promise<string> {
    (this.passwords as unknown as { cost: typeof cost }).cost = cost; // else every sign-in would hash a second time, to renew
    this.stored = await hash(passphrase, { ...cost, secret: Buffer.from(this.settings.PASSWORD_SECRET) });
    const em = this.em.fork();
    await em.execute('delete from account');
    for (let n = 0; n < people; n++) {
      await em.execute(
        `insert into account (id, user_name, user_name_key, first_name, last_name, email, email_key, password_hash, status, created_at)
         values (?, ?, ?, 'Robin', 'Moss', ?, ?, ?, 'active', now())`,
        [newId(), `bench.${n}`, `bench.${n}`, `bench.${n}@example.org`, `bench.${n}@example.org`, this.stored],
      );
    }
    return this.stored;
  }

  private verb(worker: number): Promise<unknown> {
    const name = `bench.${(worker + parallel * this.turn++) % people}`;
    return this.issuer
      .get(PasswordSignIn, { strict: false })
      .signIn({ client: 'issuer', address: anAddress() }, { name, password: passphrase });
  }

  /** What a person's browser does, from the application's redirect to the code the application gets. */
  private async throughThePages(): Promise<void> {
    const visitor = new Visitor({ 'x-forwarded-for': anAddress() });
    const page = await visitor.get((await visitor.get(this.authorizationUrl())).location!);
    const form = { _token: tokenOf(page.body), name: `bench.${this.turn++ % people}`, passphrase };
    const action = /<form[^>]*action="(\/interaction\/[^"]+)"/.exec(page.body)?.[1] ?? '';
    const signedIn = await visitor.post(`${this.settings.ISSUER_ORIGIN}${action}`, form);
    const code = await visitor.get(signedIn.location!);
    if (!code.location?.includes('code='))
      throw new Error(
        `the sign-in gave no code: ${signedIn.status} ${code.status} ${code.location ?? code.body.slice(0, 500)}`,
      );
  }

  private authorizationUrl(): string {
    const url = new URL('/oidc/auth', this.settings.ISSUER_ORIGIN);
    const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
    const asked = {
      client_id: 'portal',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${this.settings.PORTAL_ORIGIN}/sign-in/callback`,
      state: 'bench',
      nonce: 'bench',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return url.href;
  }

  /** One after the other, known and unknown in turns, each the first wrong try of its name. */
  private async timing(): Promise<{ ours: number; baseline: number; ratio: number }> {
    const signIn = this.issuer.get(PasswordSignIn, { strict: false });
    const one = async (name: string): Promise<number> => {
      await this.em.fork().execute('delete from attempt_counter');
      const begun = performance.now();
      await signIn
        .signIn({ client: 'issuer', address: anAddress() }, { name, password: 'not the passphrase' })
        .catch(() => undefined);
      return performance.now() - begun;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let n = 0; n < 120; n++) {
      known.push(await one(`bench.${n % people}`));
      unknown.push(await one(`nobody.${n}`));
    }
    const [ours, baseline] = [median(known.slice(20)), median(unknown.slice(20))];
    return { ours, baseline, ratio: ours / baseline };
  }
}

/** Of a network of its own, or the limit per network would end the bench. */
const anAddress = (): string => `10.${randomBytes(3).join('.')}`;
