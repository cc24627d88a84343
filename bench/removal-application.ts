import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createGuard, type Guard } from '#guard';
import type { Settings } from '#settings';
import { instant } from './bench-row.js';

/** An application that uses the guard, as an integrator writes it. */
export class GuardedApplication {
  /** When each person's removal was heard of; from then on every check refuses. */
  readonly heard = new Map<string, number>();
  /** Requests let in that began after that. */
  letIn = 0;
  private readonly guard: Guard;
  private readonly server: Server;

  constructor({ ISSUER_ORIGIN, ESER_ORIGIN }: Settings) {
    this.guard = createGuard({ issuer: ISSUER_ORIGIN, audience: ESER_ORIGIN, clientId: 'eser' });
    this.server = createServer((request, response) => {
      const end = (status: number): void => void response.writeHead(status, { 'content-length': 0 }).end();
      if (request.method === 'GET') void this.check(request).then(end);
      else
        void this.receive(request).then(
          () => end(200),
          () => end(400),
        );
    });
  }

  listen = (port: number): Promise<void> => new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async check({ headers }: IncomingMessage): Promise<number> {
    const begun = instant();
    const access = await this.guard.check(headers.authorization?.replace('Bearer ', '')).catch(() => undefined);
    if (!access) return 401;
    if (begun > (this.heard.get(access.subject) ?? Infinity)) this.letIn += 1;
    return 200;
  }

  private async receive(request: IncomingMessage): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { subject } =
      request.url === '/events'
        ? await this.guard.receiveEvent(body)
        : await this.guard.receiveLogoutToken(new URLSearchParams(body).get('logout_token') ?? '');
    if (!this.heard.has(subject)) this.heard.set(subject, instant());
  }
}
