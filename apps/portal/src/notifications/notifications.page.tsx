import type { VNode } from 'preact';
import { readableTime } from '#kernel';
import type { ListedMessage } from '#notifications';
import { Empty, Page, type PageFrame, Token } from '#web';

/** What this person was told, newest first; the same as the mails, without their secret links. */
export function NotificationsPage({ frame, messages }: { frame: PageFrame; messages: ListedMessage[] }): VNode {
  const [newest] = messages;
  const unread = messages.filter((message) => message.unread).length;
  return (
    <Page frame={frame} title="Notifications">
      {!newest && (
        <Empty>
          <p>Nothing yet. Everything we mail to you about your requests and decisions is kept here too.</p>
          <p>
            <a href="/">Go to your home page</a>
          </p>
        </Empty>
      )}
      {newest && unread > 0 && (
        <form method="post" action="/notifications/read">
          <Token frame={frame} />
          <input type="hidden" name="until" value={newest.queuedAt.toISOString()} />
          <p>
            {unread === 1 ? 'One is new.' : `${unread} are new.`}{' '}
            <button class="usa-button usa-button--unstyled" type="submit">
              Mark all as read
            </button>
          </p>
        </form>
      )}
      {newest && (
        <ul class="edlink-list">
          {messages.map((message) => (
            <li class={message.unread ? 'edlink-unread' : undefined}>
              <h2>
                {message.unread && <span class="usa-sr-only">New: </span>}
                {message.subject}
              </h2>
              <p class="edlink-quiet">{readableTime(message.queuedAt)}</p>
              {message.paragraphs.map((paragraph) => (
                <p dir="auto">{paragraph}</p>
              ))}
              {message.action && (
                <p>
                  <a href={message.action.address}>{message.action.label}</a>
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
