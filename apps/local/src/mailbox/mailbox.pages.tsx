import type { VNode } from 'preact';
import { readableTime } from '#kernel';
import { Page, type PageFrame } from '#web';
import type { StoredMail } from './mail-store.js';

const frame: PageFrame = {
  appTitle: 'Local mailbox',
  navigation: [{ label: 'All mail', href: '/' }],
  path: '/',
  token: '',
  actor: { client: 'jobs' },
};

/** All mails, newest first. */
export function MailListPage({ mails }: { mails: StoredMail[] }): VNode {
  return (
    <Page frame={frame} title="Mail of this local system">
      <p class="usa-intro">Nothing leaves this machine: every mail the system sends arrives here.</p>
      {mails.length === 0 ? (
        <p>No mail yet. Register an account or send a request, then reload this page.</p>
      ) : (
        <div class="edlink-scroll" tabIndex={0} role="region" aria-label="Mails">
          <table class="usa-table usa-table--borderless">
            <caption class="usa-sr-only">Mails, newest first</caption>
            <thead>
              <tr>
                <th scope="col">To</th>
                <th scope="col">Subject</th>
                <th scope="col">Arrived</th>
              </tr>
            </thead>
            <tbody>
              {mails.map((mail) => (
                <tr>
                  <td>{mail.recipients.join(', ')}</td>
                  <th scope="row">
                    <a href={`/mails/${mail.id}`}>{mail.subject || '(no subject)'}</a>
                  </th>
                  <td>{readableTime(mail.receivedAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}

/** One mail: its facts, its text, its links, and the HTML part in a frame that runs nothing. */
export function MailPage({ mail }: { mail: StoredMail }): VNode {
  const facts: [string, string][] = [
    ['From', mail.from],
    ['To', mail.to],
    ['Delivered to', mail.recipients.join(', ')],
    ['Arrived', readableTime(mail.receivedAt)],
    ['Message-ID', mail.messageId],
  ];
  return (
    <Page frame={{ ...frame, path: `/mails/${mail.id}` }} title={mail.subject || '(no subject)'}>
      <dl class="edlink-facts">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      <h2>Text</h2>
      <pre class="edlink-mail-text">{mail.text}</pre>
      {mail.links.length > 0 && (
        <>
          <h2>Links</h2>
          <ul class="usa-list">
            {mail.links.map((link) => (
              <li>
                {/^https?:/.test(link) ? (
                  <a href={link} rel="noopener noreferrer">
                    {link}
                  </a>
                ) : (
                  link
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {mail.html && (
        <>
          <h2>As mail programs show it</h2>
          <iframe
            class="edlink-mail-html"
            title="HTML part of this mail"
            src={`/mails/${mail.id}/html`}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          ></iframe>
        </>
      )}
    </Page>
  );
}

/** What stands at an address that is none of the mailbox's. */
export const NoMailPage = (): VNode => (
  <Page frame={frame} title="No such mail">
    <p>
      It may have been removed; the mailbox keeps the newest. <a href="/">Go to the list of mails</a>
    </p>
  </Page>
);
