import { connect, type Socket } from 'node:net';

/**
 * Sends the same kind of request over kept connections as fast as answers come, and counts. Written on bare sockets:
 * on a small machine an HTTP client would cost more than what is measured.
 * @param requestOf the n-th request, whole
 * @param duration milliseconds
 * @returns answers a second
 * @throws Error when an answer is not the expected one
 */
export async function requestsPerSecond(
  port: number,
  connections: number,
  duration: number,
  requestOf: (n: number) => string,
  expected: RegExp,
): Promise<number> {
  const begun = performance.now();
  let sent = 0;
  let done = 0;
  const over = (): boolean => performance.now() - begun >= duration;
  const worker = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      let text = '';
      const next = (): unknown => (over() ? (socket.end(), resolve()) : socket.write(requestOf(sent++)));
      socket.on('error', reject);
      socket.on('data', (chunk: string) => {
        text += chunk;
        const end = endOf(text);
        if (end === undefined) return;
        if (done++ % 500 === 0 && !expected.test(text))
          return reject(new Error(`unexpected answer: ${text.slice(0, 1500)}`));
        text = '';
        next();
      });
      next();
    });
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(port)));
  await Promise.all(sockets.map(worker));
  return done / ((performance.now() - begun) / 1000);
}

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
      .setEncoding('latin1')
      .once('error', reject);
  });

/** Whether a whole answer is there; answers here are short and have a Content-Length. */
function endOf(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = /content-length: (\d+)/i.exec(text.slice(0, head));
  if (!length) throw new Error(`an answer without Content-Length: ${text.slice(0, head)}`);
  const end = head + 4 + Number(length[1]);
  return text.length >= end ? end : undefined;
}
