import type { VNode } from 'preact';
import type { PersonAccess, PersonView } from '#compliance';
import { type FieldFault, readableDate, readableTime } from '#kernel';
import { Choices, Empty, type PageFrame, Tag, TextField, Token } from '#web';

interface NowAccessProps {
  frame: PageFrame;
  person: PersonView;
  form?: 'end' | 'revoke';
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** What a person may do now, with the form that takes it away; nobody takes away what is his own. */
export function NowAccess({ frame, person, form, faults, typed }: NowAccessProps): VNode {
  const { access, own, staffMemberId } = person;
  if (!access.length)
    return (
      <Empty>
        <p>No access where you decide.</p>
      </Empty>
    );
  if (own)
    return (
      <ul class="edlink-list">
        {access.map((one) => (
          <li>
            {words(one)} <State one={one} />
            <br />
            <span class="edlink-quiet">{period(one)}</span>
          </li>
        ))}
      </ul>
    );
  const mine = form === 'revoke' ? { faults, typed } : {};
  return (
    <form method="post" action={`/people/${staffMemberId}/revoke`} novalidate>
      <Token frame={frame} />
      <Choices
        name="grantId"
        type="radio"
        legend="What this person may do"
        choices={access.map((one) => ({ value: one.grantId, label: words(one), about: period(one) }))}
        chosen={[String(mine.typed?.grantId ?? '')]}
        faults={mine.faults}
      />
      <TextField
        name="reason"
        idSuffix="-revoke"
        label="Why it is taken away"
        hint="The person reads it."
        rows={2}
        {...mine}
      />
      <div class="edlink-actions">
        <button class="usa-button usa-button--secondary" type="submit">
          Take away what is chosen
        </button>
      </div>
    </form>
  );
}

/** What a person could do before, the latest end first. */
export const PastAccess = ({ past }: { past: PersonAccess[] }): VNode => (
  <ul class="edlink-list">
    {[...past]
      .sort((one, other) => other.toAt!.getTime() - one.toAt!.getTime())
      .map((one) => (
        <li>
          {words(one)}
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

const period = ({ fromAt, toAt, state }: PersonAccess): string =>
  `${state === 'suspended' ? 'Rests. ' : ''}Since ${readableDate(fromAt)}${
    toAt ? `, until ${readableDate(new Date(toAt.getTime() - 1))}` : ''
  }`;

const State = ({ one }: { one: PersonAccess }): VNode | null =>
  one.state === 'suspended' ? <Tag tone="waiting">Rests</Tag> : null;
