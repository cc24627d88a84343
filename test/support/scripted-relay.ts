import { createServer, type Socket } from 'node:net';

/** Where in the talk a relay may go wrong: before a word, at a command, after the mail, or once it has said 250. */
export type RelayMoment = 'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'mail' | 'QUIT';

/** An answer such as '451 try later'; or no more words; or the connection torn down. */
export type RelayFault = string | 'silence' | 'reset';

export interface ScriptedRelay {
  url: string;
  /** What goes wrong in connections from now on; absent: nothing. */
  fault?: { at: RelayMoment; does: RelayFault; recipient?: string };
  /** Message-IDs of the mails that were taken with 250, each repetition once more. */
  taken: string[];
  stop(): Promise<void>;
}

const good: Record<RelayMoment, string> = {
  greeting: '220 relay',
  EHLO: '250 relay',
  MAIL: '250 good',
  RCPT: '250 good',
  DATA: '354 go on',
  mail: '250 taken',
  QUIT: '221 bye',
};

/** A relay on loopback that speaks SMTP by hand, so that it can do what no library would. */
export async function startScriptedRelay(): Promise<ScriptedRelay> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    talk(relay, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const relay: ScriptedRelay = {
    url: `smtp://127.0.0.1:${port}`,
    taken: [],
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}

function talk(relay: ScriptedRelay, socket: Socket): void {
  let heard = '';
  let mail: string | undefined;
  let recipient = '';
  const answer = (at: RelayMoment): boolean => {
    const { fault } = relay;
    const wrong = fault?.at === at && (!fault.recipient || fault.recipient === recipient) ? fault.does : undefined;
    if (wrong === 'silence') return false;
    if (wrong === 'reset') return (socket.resetAndDestroy(), false);
    socket.write(`${wrong ?? good[at]}\r\n`);
    return wrong === undefined;
  };
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase() as RelayMoment;
    if (verb === 'RCPT') recipient = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (answer(verb) && verb === 'DATA') mail = '';
    if (verb === 'QUIT') socket.end();
  };
  if (!answer('greeting')) return;
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString('latin1');
    for (let end = heard.indexOf('\r\n'); end >= 0; end = heard.indexOf('\r\n')) {
      const line = heard.slice(0, end);
      heard = heard.slice(end + 2);
      if (mail === undefined) command(line);
      else if (line !== '.') mail += `${line}\n`;
      else {
        const id = /^message-id: (\S+)/im.exec(mail)?.[1] ?? '';
        mail = undefined;
        if (answer('mail')) relay.taken.push(id);
      }
    }
  });
}
