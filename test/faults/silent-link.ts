import { connect, createServer, type Socket } from 'node:net';

/** A way to the database that can fall silent: connections stay open, and nothing comes through. */
export interface SilentLink {
  /** What an app takes for the address of the database. */
  url: string;
  /** From now on nothing comes back from the database; with `commits` only what a COMMIT is answered. */
  fallSilent(on?: 'commits'): void;
  speak(): void;
  close(): Promise<void>;
}

/** Stands between an app and PostgreSQL. What was held back while it was silent is lost: the network swallowed it. */
export async function silentLink(databaseUrl: string): Promise<SilentLink> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  let silence: 'none' | 'all' | 'commits' = 'none';
  const server = createServer((app) => {
    const database = connect(Number(target.port), target.hostname);
    let swallowing = false;
    for (const [socket, other] of [
      [app, database],
      [database, app],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    app.on('data', (bytes: Buffer) => {
      if (silence === 'commits' && /\bcommit\b/i.test(bytes.toString('latin1'))) swallowing = true;
      database.write(bytes);
    });
    database.on('data', (bytes: Buffer) => {
      if (silence === 'all' || swallowing) return;
      app.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    fallSilent: (on) => (silence = on ?? 'all'),
    speak: () => (silence = 'none'),
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
