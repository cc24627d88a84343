import type { VNode } from 'preact';
import type { PersonAccess, PersonView } from '#compliance';
import { readableDate, readableTime } from '#kernel';
import { Empty } from '#web';
import { readableLast } from '../parts/days.js';
import { StandingTag } from '../parts/standing.js';

/** What a person may do now; each leads to where it can be changed. */
export const NowAccess = ({ person: { access, own, staffMemberId } }: { person: PersonView }): VNode =>
  access.length === 0 ? (
    <Empty>
      <p>No access where you decide.</p>
    </Empty>
  ) : (
    <>
      {!own && <p>Open one to let it go on longer, to suspend it or to take it away.</p>}
      <ul class="edlink-list">
        {access.map((one) => (
          <li>
            <a href={`/people/${staffMemberId}/access/${one.grantId}`}>{words(one)}</a> <State one={one} />
            <br />
            <span class="edlink-quiet">
              From {readableDate(one.fromAt)}
              {one.toAt ? ` through ${readableLast(one.toAt)}` : ', no end set'}
            </span>
          </li>
        ))}
      </ul>
    </>
  );

/** What a person could do before, the latest end first. */
export const PastAccess = ({ person: { past, staffMemberId } }: { person: PersonView }): VNode => (
  <ul class="edlink-list">
    {[...past]
      .sort((one, other) => other.toAt!.getTime() - one.toAt!.getTime())
      .map((one) => (
        <li>
          <a href={`/people/${staffMemberId}/access/${one.grantId}`}>{words(one)}</a>
          <br />
          <span class="edlink-quiet">
            {readableDate(one.fromAt)} to {readableTime(one.toAt!)}
            {one.reason && `. Reason: ${one.reason}`}
          </span>
        </li>
      ))}
  </ul>
);

const words = ({ permission, application, place }: PersonAccess): string =>
  `${permission} in ${application} at ${place}`;

const State = ({ one }: { one: PersonAccess }): VNode | null =>
  one.state === 'suspended' ? <StandingTag standing={one.cause === 'inactive' ? 'rests' : 'suspended'} /> : null;
