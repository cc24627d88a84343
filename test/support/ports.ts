import { createServer } from 'node:net';

/** A port nobody listens on at this moment; the origin of an app must be known before it starts. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
