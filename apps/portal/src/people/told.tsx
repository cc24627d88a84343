import type { VNode } from 'preact';
import type { GrantView } from '#compliance';
import { readableTime } from '#kernel';

/** Which applications were told that access ended, and which of them have confirmed it; nothing where none was to be told. */
export function Told({ told, heading: level }: { told: GrantView['told']; heading: 2 | 3 }): VNode | null {
  if (!told.length) return null;
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <>
      <Heading>Applications that were told</Heading>
      <ul class="usa-list">
        {told.map(({ application, toldAt, confirmedAt, givenUpAt }) => (
          <li>
            {application}:{' '}
            {confirmedAt
              ? `told ${readableTime(toldAt)}, confirmed ${readableTime(confirmedAt)}`
              : givenUpAt
                ? `not reached since ${readableTime(toldAt)}; given up ${readableTime(givenUpAt)}, so ask whoever runs it`
                : `not confirmed yet, tried since ${readableTime(toldAt)}; it is tried again`}
          </li>
        ))}
      </ul>
    </>
  );
}
