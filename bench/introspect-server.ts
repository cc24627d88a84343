import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import Provider from 'oidc-provider';
import { environment, readSettings } from '#settings';
import { createIssuer } from '../apps/issuer/src/create.js';
import { sha256 } from '#kernel';

/**
 * One of the three servers of B1, in a process of its own: `issuer` is ours, `bare` is oidc-provider with everything in
 * memory, `query` is Node's http with one indexed query. Tells its parent when it listens.
 */
const [, , kind, portText = '0', tokensText = '0'] = process.argv;
const port = Number(portText);
const tokens = Array.from({ length: Number(tokensText) }, (_, index) => `bench-token-${index}`);
const settings = readSettings(environment());

const listening = (server: Server): Promise<unknown> => once(server, 'listening');

const servers: Record<string, () => Promise<void>> = {
  issuer: async () => {
    const issuer = await createIssuer(settings);
    await issuer.get(MikroORM).em.fork().execute('select 1');
    await issuer.listen(port, '127.0.0.1');
  },
  bare: async () => {
    const provider = new Provider(`http://localhost:${port}`, {
      clients: [
        {
          client_id: 'reporting',
          client_secret: settings.REPORTING_CLIENT_SECRET,
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: ['http://localhost:1/callback'],
        },
      ],
      features: { devInteractions: { enabled: false }, introspection: { enabled: true, allowedPolicy: () => true } },
      routes: { introspection: '/oidc/token/introspection' },
      ttl: { AccessToken: 3600, Grant: 3600 },
    });
    const client = (await provider.Client.find('reporting'))!;
    for (const jti of tokens) {
      const grant = new provider.Grant({ accountId: jti, clientId: 'reporting' });
      grant.addOIDCScope('openid');
      const grantId = await grant.save();
      const token = new provider.AccessToken({
        accountId: jti,
        client,
        grantId,
        gty: 'authorization_code',
        scope: 'openid',
        jti,
        aud: 'http://localhost:3999',
      } as never);
      (token as unknown as { format: string }).format = 'opaque'; // the library sets it when it makes the id itself
      await token.save();
    }
    await listening(provider.listen(port, '127.0.0.1'));
  },
  query: async () => {
    const pool = new pg.Pool({ connectionString: settings.DATABASE_URL, max: settings.DATABASE_POOL });
    const lookUp = {
      name: 'look-up',
      text: `select payload from oidc_artifact where kind = 'AccessToken' and id = $1`,
    };
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        void pool
          .query({ ...lookUp, values: [sha256(new URLSearchParams(body).get('token') ?? '')] })
          .then(({ rows }) => {
            const answer = JSON.stringify({ active: rows.length === 1, ...(rows[0] as { payload: object }).payload });
            response
              .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
              .end(answer);
          });
      });
    });
    await listening(server.listen(port, '127.0.0.1'));
  },
};

await servers[kind!]!();
process.send?.('listening');
