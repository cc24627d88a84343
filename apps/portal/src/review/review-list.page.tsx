import type { VNode } from 'preact';
import { readableDate } from '#kernel';
import type { WaitingItem } from '#requests';
import { Empty, Page, type PageFrame, PersonName } from '#web';

/** What waits for this coordinator, oldest first. */
export const ReviewListPage = ({
  frame,
  waiting,
  notice,
}: {
  frame: PageFrame;
  waiting: WaitingItem[];
  notice?: string;
}): VNode => (
  <Page frame={frame} title="Requests waiting for you" notice={notice}>
    {waiting.length === 0 ? (
      <Empty>
        <p>Nothing waits for you. You get a mail when somebody asks.</p>
        <p>
          <a href="/help#coordinators">How deciding works</a>
        </p>
      </Empty>
    ) : (
      <>
        <p>Oldest first. Whoever acts first decides; what others decided leaves this list by itself.</p>
        <ul class="edlink-list">
          {waiting.map((item) => (
            <li>
              <p>
                <a href={`/review/${item.id}`}>
                  <PersonName>{item.requester}</PersonName> asks for {item.application.name}
                </a>
                <br />
                {item.lines
                  .filter((line) => line.status === 'pending')
                  .map((line) => line.permission.name)
                  .join(', ')}{' '}
                at {item.place.name}
              </p>
              <p class="edlink-quiet">
                {item.reference}, sent {readableDate(item.submittedAt)}
              </p>
            </li>
          ))}
        </ul>
      </>
    )}
  </Page>
);
