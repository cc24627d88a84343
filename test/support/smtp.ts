import { connect } from 'node:net';

/**
 * Speaks SMTP by hand: each line waits for the answer to the one before.
 * @param mail headers and body, with CRLF
 */
export function sendBySmtp(smtpUrl: string, to: string, mail: string): Promise<void> {
  const lines = ['EHLO test', 'MAIL FROM:<no-reply@edlink.example>', `RCPT TO:<${to}>`, 'DATA', `${mail}\r\n.`, 'QUIT'];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(smtpUrl).port), '127.0.0.1');
    socket.on('data', (answer: Buffer) => {
      if (/^[45]/.test(answer.toString())) return reject(new Error(answer.toString()));
      if (/^\d{3} /m.test(answer.toString())) socket.write(`${lines.shift() ?? ''}\r\n`);
    });
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });
}
