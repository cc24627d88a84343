import { connect, createServer, type Socket } from 'node:net';

/** Where the link breaks: before PostgreSQL sees the COMMIT, or after it has committed and before anybody hears of it. */
export type CutAt = 'before' | 'after';

/** A way to the database that can break at the worst moment. */
export interface CutProxy {
  /** What an app takes for the address of the database. */
  url: string;
  /** Breaks the link of the next transaction that commits. */
  cutNextCommit(at: CutAt): void;
  /** How many links were cut. */
  cuts(): number;
  close(): Promise<void>;
}

/** Stands between an app and PostgreSQL, reads what the app sends, and cuts the link at a COMMIT. */
export async function cutProxy(databaseUrl: string): Promise<CutProxy> {
  const target = new URL(databaseUrl);
  const state: { armed?: CutAt; cuts: number } = { cuts: 0 };
  const open = new Set<Socket>();

  const server = createServer((app) => {
    const database = connect(Number(target.port || 5432), target.hostname);
    const isCommit = commitReader();
    let cutting: CutAt | undefined;
    const cut = (): void => {
      app.destroy();
      database.destroy();
    };
    for (const socket of [app, database]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', () => {
        open.delete(socket);
        cut();
      });
    }
    app.on('data', (bytes: Buffer) => {
      if (isCommit(bytes) && state.armed) {
        cutting = state.armed;
        state.armed = undefined;
        state.cuts += 1;
        if (cutting === 'before') return cut();
      }
      database.write(bytes);
    });
    // The answer to COMMIT is the proof that it is done; nobody else hears it.
    database.on('data', (bytes: Buffer) => (cutting ? cut() : app.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    cutNextCommit: (at) => (state.armed = at),
    cuts: () => state.cuts,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Reads the messages of a client, which come in pieces, and says of each piece whether a COMMIT ended in it. */
function commitReader(): (bytes: Buffer) => boolean {
  let rest = Buffer.alloc(0);
  let greeted = false; // the first message has no letter in front
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    let found = false;
    for (;;) {
      const head = greeted ? 1 : 0;
      if (rest.length < head + 4) return found;
      const end = head + rest.readUInt32BE(head);
      if (rest.length < end) return found;
      const message = rest.subarray(0, end);
      if (greeted && /^[QP]/.test(message.toString('latin1', 0, 1)) && /\bcommit\b\s*;?\0/i.test(message.toString()))
        found = true;
      greeted = true;
      rest = rest.subarray(end);
    }
  };
}
