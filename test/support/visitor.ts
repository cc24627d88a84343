/** One answer, with the things a person would do next. */
export interface SeenPage {
  status: number;
  /** Where this page was, after redirects that were followed. */
  url: URL;
  headers: Headers;
  html: string;
  /** `Location` of a redirect, absolute. */
  location?: string;
  /** Text without tags, for assertions. */
  text: string;
}

interface Cookie {
  value: string;
  path: string;
  expires?: number;
}

/**
 * A browser without script: keeps cookies, follows redirects, sends forms with the token of the page they are on.
 * Cookies ignore ports, as in a real browser, so portal and issuer on localhost share one jar.
 */
export class Visitor {
  readonly cookies = new Map<string, Cookie>();
  /** Sent with every request. */
  headers: Record<string, string> = {};
  /** With an origin set, redirects to elsewhere are not followed: for tests that run one app only. */
  stayAt?: string;
  /** The page last seen. */
  page?: SeenPage;

  /** Opens an address; a path is taken against the page last seen. Follows redirects. */
  async get(address: string): Promise<SeenPage> {
    return this.follow(await this.once('GET', address));
  }

  /**
   * Fills in the form of the page last seen and sends it; follows redirects.
   * @param fields by field name; hidden fields of the form are added
   * @param action which form, where the page has several
   */
  async send(fields: Record<string, string> = {}, action?: string): Promise<SeenPage> {
    const form = this.form(action);
    return this.follow(await this.once('POST', form.action, { ...form.hidden, ...fields }));
  }

  /** A request as it is, redirects not followed. */
  async once(
    method: string,
    address: string,
    body?: Record<string, string> | string,
    headers: Record<string, string> = {},
  ): Promise<SeenPage> {
    const url = new URL(address, this.page?.url);
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      body: body === undefined ? undefined : typeof body === 'string' ? body : new URLSearchParams(body),
      headers: {
        accept: 'text/html',
        cookie: this.cookieHeader(url),
        ...(body !== undefined && { origin: url.origin }),
        ...this.headers,
        ...headers,
      },
    });
    this.remember(response);
    const html = await response.text();
    const location = response.headers.get('location');
    this.page = {
      status: response.status,
      url,
      headers: response.headers,
      html,
      text: textOf(html),
      location: location ? new URL(location, url).href : undefined,
    };
    return this.page;
  }

  /** The form of the page last seen: where it goes, and its hidden fields. */
  form(action?: string): { action: string; hidden: Record<string, string> } {
    if (!this.page) throw new Error('no page was opened');
    const forms = [...this.page.html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, tag, inner]) => ({
      action: attribute(tag!, 'action') ?? this.page!.url.href,
      inner: inner!,
    }));
    const main = forms.filter((form) => (action === undefined ? form.action !== '/sign-out' : form.action === action));
    if (!main[0])
      throw new Error(
        `no form${action ? ` to ${action}` : ''} on ${this.page.url.pathname}: ${this.page.text.slice(0, 300)}`,
      );
    const hidden: Record<string, string> = {};
    for (const [tag] of main[0].inner.matchAll(/<input\b[^>]*>/g)) {
      if (attribute(tag, 'type') === 'hidden') hidden[attribute(tag, 'name')!] = attribute(tag, 'value') ?? '';
    }
    return { action: main[0].action, hidden };
  }

  private async follow(page: SeenPage): Promise<SeenPage> {
    for (let hops = 0; page.location && [301, 302, 303, 307].includes(page.status); hops++) {
      if (this.stayAt && new URL(page.location).origin !== this.stayAt) return page;
      if (hops > 15) throw new Error(`redirects do not end: ${page.location}`);
      page = await this.once('GET', page.location);
    }
    return page;
  }

  private cookieHeader(url: URL): string {
    const now = Date.now();
    return [...this.cookies]
      .filter(([, cookie]) => url.pathname.startsWith(cookie.path) && (cookie.expires ?? Infinity) > now)
      .map(([name, cookie]) => `${name}=${cookie.value}`)
      .join('; ');
  }

  private remember(response: Response): void {
    if (response.headers.get('clear-site-data')?.includes('"cookies"')) this.cookies.clear();
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...flags] = line.split(/;\s*/);
      const name = pair.slice(0, pair.indexOf('='));
      const flag = (wanted: string): string | undefined =>
        flags.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const age = flag('max-age');
      const expires =
        age !== undefined
          ? Date.now() + Number(age) * 1000
          : flag('expires')
            ? Date.parse(flag('expires')!)
            : undefined;
      if (expires !== undefined && expires <= Date.now()) this.cookies.delete(name);
      else this.cookies.set(name, { value: pair.slice(pair.indexOf('=') + 1), path: flag('path') ?? '/', expires });
    }
  }
}

const decoded = (text: string): string =>
  text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot|apos));/gi,
    (_, decimal?: string, hex?: string, name?: string) =>
      name
        ? { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name.toLowerCase()]!
        : String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex!, 16)),
  );

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(tag);
  return found ? decoded(found[1]!) : undefined;
};

const textOf = (html: string): string =>
  decoded(
    html
      .replace(/<head>.*?<\/head>/gs, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim();
