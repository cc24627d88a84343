import type { Server } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { render, serveAssets } from '#web';
import { MailListPage, MailPage, NoMailPage } from './mailbox.pages.js';
import { MailStore } from './mail-store.js';
import { startSmtpReceiver } from './smtp-receiver.js';

export interface Mailbox {
  /** For SMTP_URL. */
  smtpUrl: string;
  stop(): Promise<void>;
}

/** Nothing runs and nothing loads in the HTML part; its links open beside it. */
const framePolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/**
 * The mailbox of a local system: a real SMTP server, and a page that shows what arrived. Both on loopback only, for
 * mails hold links that open accounts.
 * @param options `directory` keeps the mails; `webPort` is where the page is
 */
export async function startMailbox(options: { directory: string; webPort: number }): Promise<Mailbox> {
  const store = await MailStore.open(options.directory);
  const receiver = await startSmtpReceiver((source, recipients) => store.add(source, recipients));
  const web = await listen(mailboxPages(store), options.webPort);
  return {
    smtpUrl: receiver.url,
    stop: async () => {
      await receiver.stop();
      web.closeAllConnections();
      await new Promise((resolve) => web.close(resolve));
    },
  };
}

function mailboxPages(store: MailStore): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(refuseOtherHosts);
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          frameSrc: ["'self'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
        },
      },
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
  );
  serveAssets(app);
  app.get('/', (_, response) => void response.send(render(MailListPage({ mails: store.list() }))));
  app.get('/mails/:id', (request, response, next) => {
    const mail = store.find(request.params.id);
    if (mail) response.send(render(MailPage({ mail })));
    else next();
  });
  app.get('/mails/:id/html', (request, response, next) => {
    const mail = store.find(request.params.id);
    if (!mail?.html) return next();
    response.setHeader('Content-Security-Policy', framePolicy);
    response.removeHeader('X-Frame-Options');
    response.type('html').send(`<base target="_blank">${mail.html}`);
  });
  app.use((_: Request, response: Response) => void response.status(404).send(render(NoMailPage())));
  return app;
}

/** A page of the wide web whose name was pointed at this machine does not get to read mail here. */
function refuseOtherHosts(request: Request, response: Response, next: NextFunction): void {
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) return next();
  response.status(421).type('text').send('The mailbox is at http://localhost only.');
}

function listen(app: express.Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, 'localhost', () => resolve(server));
    server.once('error', reject);
  });
}
