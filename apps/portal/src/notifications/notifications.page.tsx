import type { VNode } from 'preact';
import { type Listed, readableTime } from '#kernel';
import type { ListedMessage } from '#notifications';
import { Empty, Page, type PageFrame, Token } from '#web';
import { addressWith, KeyPager } from '../parts/key-pager.js';

/** What this person was told, newest first; the same as the mails, without their secret links. */
export function NotificationsPage({ frame, page }: { frame: PageFrame; page: Listed<ListedMessage> }): VNode {
  const [newest] = page.items;
  const unread = page.items.filter((message) => message.unread).length;
  const here = page.next === undefined && page.previous === undefined ? '' : ' on this page';
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
            {unread === 1 ? `One${here} is new.` : `${unread}${here} are new.`}{' '}
            <button class="usa-button usa-button--unstyled" type="submit">
              {page.previous === undefined ? 'Mark all as read' : 'Mark these and older ones as read'}
            </button>
          </p>
        </form>
      )}
      {newest && (
        <ul class="edlink-list">
          {page.items.map((message) => (
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
      <KeyPager page={page} what="Notifications" href={(cut) => addressWith('/notifications', { ...cut })} />
    </Page>
  );
}
