import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { exportJWK, jwtVerify, SignJWT } from 'jose';
import { createGuard } from '#guard';
import { type BenchRow, inTurns, perSecond } from './bench-row.js';

const rounds = 7;
const roundTime = 2000;
const audience = 'https://eser.example.gov';
const place = { system: '001', site: '001005' };

/** B2: the guard verifies a token and answers whether a person may do something somewhere, against bare jose. */
export async function run(): Promise<BenchRow[]> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' };
  const server = createServer((request, response) => {
    const known = request.url!.startsWith('/.well-known')
      ? { issuer: origin, jwks_uri: `${origin}/jwks` }
      : { keys: [jwk] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(known));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as { port: number }).port}`;
  const token = await new SignJWT({ client_id: 'eser', scope: 'permissions', staff_id: '2019553801', permissions })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'bench' })
    .setIssuer(origin)
    .setAudience(audience)
    .setSubject(randomUUID())
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);

  const bare = (): Promise<unknown> => jwtVerify(token, publicKey, { issuer: origin, audience, algorithms: ['RS256'] });
  const askedOf = (cacheSize: number) => {
    const guard = createGuard({ issuer: origin, audience, cacheSize });
    guard.revoke(randomUUID()); // somebody else's access ended: every answer looks for that
    return async (): Promise<void> => {
      if (!(await guard.check(token)).may('iep-form-writer', place)) throw new Error('the guard refused');
    };
  };
  const measure = (work: () => Promise<unknown>) => () => perSecond(1, roundTime, work);
  try {
    const [uncached, cached] = [askedOf(0), askedOf(1000)];
    await measure(bare)();
    const first = await inTurns(rounds, measure(uncached), measure(bare));
    const again = await inTurns(rounds, measure(cached), measure(bare));
    return [
      {
        id: 'B2',
        name: 'guard, token seen for the first time : jose jwtVerify (per second)',
        ...first,
        goal: 'at least 0.9',
      },
      {
        id: 'B2',
        name: 'guard, token seen before : jose jwtVerify (per second)',
        ...again,
        goal: 'at least 20',
        note: `a revocation holds from the next call on; token of ${token.length} bytes`,
      },
    ];
  } finally {
    server.close();
  }
}

/** What a supervisor of a middle-sized system holds. */
const permissions = [
  { application: 'ser', role: 'ser-data', permission: 'ser-data-writer', systems: ['001'] },
  {
    application: 'ser-iep-form',
    role: 'iep-form',
    permission: 'iep-form-approver',
    sites: ['395001', '395002', '395003'],
  },
  {
    application: 'ser-iep-form',
    role: 'iep-form',
    permission: 'iep-form-writer',
    systems: ['001'],
    sites: ['395001', '395002', '395003'],
  },
];
