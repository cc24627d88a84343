import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Answer {
  status: number;
  location?: string;
  body: string;
}

/** A browser as far as a benchmark needs one: cookies, forms, no following of redirects. */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly headers: Record<string, string> = {}) {}

  get(url: string): Promise<Answer> {
    return this.send('GET', url);
  }

  post(url: string, form: Record<string, string>): Promise<Answer> {
    return this.send('POST', url, new URLSearchParams(form).toString());
  }

  has(cookie: RegExp): boolean {
    return [...this.cookies.keys()].some((name) => cookie.test(name));
  }

  private send(method: string, url: string, body?: string): Promise<Answer> {
    const headers: Record<string, string> = {
      ...this.headers,
      cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    };
    if (body !== undefined)
      Object.entries({
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
        origin: new URL(url).origin,
      }).forEach(([name, value]) => (headers[name] = value));
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, agent, headers: { accept: 'text/html', ...headers } }, (answer) => {
        for (const cookie of answer.headers['set-cookie'] ?? []) this.remember(cookie);
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode!,
            location: answer.headers.location && new URL(answer.headers.location, url).href,
            body: text,
          }),
        );
        answer.on('error', reject);
      });
      // The server may close a kept connection at the moment we use it again.
      sent.on('error', (fault: NodeJS.ErrnoException) =>
        sent.reusedSocket && fault.code === 'ECONNRESET' ? resolve(this.send(method, url, body)) : reject(fault),
      );
      sent.end(body);
    });
  }

  private remember(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    if (/expires=Thu, 01 Jan 1970/i.test(cookie) || at === pair.length - 1) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

/** The token of the first form of a page. */
export const tokenOf = (page: string): string => {
  const found = /name="_token" value="([^"]+)"/.exec(page);
  if (!found) throw new Error(`no form on this page: ${page.slice(0, 300)}`);
  return found[1]!;
};
