import type { VNode } from 'preact';
import type { AccessRow } from '#compliance';
import type { RenewalResult } from '#grants';
import { ButtonLink, Page, type PageFrame, PersonName, Tag } from '#web';
import { readableDay } from '../parts/days.js';

interface RenewedProps {
  frame: PageFrame;
  /** What was ticked, as it is now. */
  rows: AccessRow[];
  results: RenewalResult[];
  /** 'YYYY-MM-DD' */
  lastDay: string;
  /** Address of the list the ticks stood on. */
  back: string;
}

/** What became of each permission that was ticked. */
export const RenewedPage = ({ frame, rows, results, lastDay, back }: RenewedProps): VNode => {
  const renewed = results.filter((one) => one.renewed).length;
  const known = new Map(rows.map((row) => [row.grantId, row]));
  return (
    <Page frame={frame} title="What goes on longer">
      <p role="status">
        {renewed} of {results.length} go on through {readableDay(lastDay)}. Each person is told.
      </p>
      <ul class="edlink-list">
        {results.map((one) => (
          <li>
            <Named row={known.get(one.grantId)} />{' '}
            {one.renewed ? <Tag tone="good">Goes on</Tag> : <Tag tone="bad">Not changed</Tag>}
            {one.detail && <p>{one.detail}</p>}
          </li>
        ))}
      </ul>
      <ButtonLink href={back}>Back to the list</ButtonLink>
    </Page>
  );
};

/** What has ended meanwhile is in no list. */
const Named = ({ row }: { row?: AccessRow }): VNode =>
  row ? (
    <>
      <a href={`/people/${row.staffMemberId}/access/${row.grantId}`}>
        <PersonName>{row.name}</PersonName>
      </a>
      : {row.permission} in {row.application} at {row.place}
    </>
  ) : (
    <>A permission that has ended meanwhile</>
  );
