import type { VNode } from 'preact';
import type { Listed } from '#kernel';
import type { RequestSummary } from '#requests';
import { ButtonLink, Empty, Page, type PageFrame } from '#web';
import { addressWith, KeyPager } from '../parts/key-pager.js';
import { RequestList } from './request-list.js';

/** All that a person asked for, newest first. */
export const MyRequestsPage = ({ frame, page }: { frame: PageFrame; page: Listed<RequestSummary> }): VNode => (
  <Page frame={frame} title="My requests">
    {page.items.length === 0 ? (
      <Empty>
        <p>You have not asked for anything yet. What you ask for is kept here, with how it stands and who decides.</p>
      </Empty>
    ) : (
      <>
        <p>Newest first. Open a request to see who decides it, and what became of it.</p>
        <RequestList requests={page.items} />
        <KeyPager page={page} what="Requests" href={(cut) => addressWith('/requests', { ...cut })} />
      </>
    )}
    <ButtonLink href="/requests/new">Request permission</ButtonLink>
  </Page>
);
