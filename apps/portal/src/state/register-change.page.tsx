import type { VNode } from 'preact';
import { type FieldFault, type Problem, readableTime } from '#kernel';
import type { RegisterChangeView } from '#sites';
import { Alert, Facts, Page, type PageFrame, PersonName, Token } from '#web';
import { readableDay } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { RegisterRows, type RegisterRowsProps } from './register-rows.js';
import { countsInWords } from './register-words.js';
import { RegisterStatusTag } from './register.page.js';
import { StateNav } from './state-nav.js';

export interface RegisterChangePageProps extends Omit<RegisterRowsProps, 'open'> {
  frame: PageFrame;
  change: RegisterChangeView;
  /** Names by account id; whoever has the command line is an operator. */
  names: Map<string, string>;
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
}

/** What a register file changes, row by row with what each touches, and the ways to apply it. */
export const RegisterChangePage = (props: RegisterChangePageProps): VNode => {
  const { frame, change, names, notice, problem, faults } = props;
  const open = change.status === 'previewed' || change.status === 'waits-for-second';
  const who = (key: string): VNode => <PersonName>{names.get(key) ?? 'An operator'}</PersonName>;
  return (
    <Page frame={frame} title={change.fileName} notice={notice} faults={faults}>
      <StateNav frame={frame} />
      {problem && <ProblemAlert problem={problem} />}
      <Facts
        facts={[
          ['How it stands', <RegisterStatusTag change={change} />],
          ['Source', change.source.name],
          ['Holds from', readableDay(change.effectiveDay)],
          [
            'Read',
            <>
              {readableTime(change.madeAt)}, {who(change.madeBy)}
            </>,
          ],
          ...(change.confirmedBy && change.confirmedAt
            ? ([
                [
                  'Confirmed',
                  <>
                    {readableTime(change.confirmedAt)}, {who(change.confirmedBy)}
                  </>,
                ],
              ] as [string, VNode][])
            : []),
          ...(change.appliedBy && change.appliedAt
            ? ([
                [
                  'Applied',
                  <>
                    {readableTime(change.appliedAt)}, {who(change.appliedBy)}:{' '}
                    {change.appliedRows.toLocaleString('en-US')} {change.appliedRows === 1 ? 'place' : 'places'}
                  </>,
                ],
              ] as [string, VNode][])
            : []),
          ...(open ? ([['What is left', countsInWords(change.counts)]] as [string, string][]) : []),
        ]}
      />
      {open && <Apply {...props} />}
      <RegisterRows {...props} open={open} />
    </Page>
  );
};

/** Applying all of it, planning it anew, or letting it be. */
function Apply({ frame, change }: RegisterChangePageProps): VNode {
  const address = `/state/register/${change.id}`;
  if (change.movedOn.length > 0)
    return (
      <>
        <Alert kind="warning" heading="The register changed since this file was read">
          <p>What the file would change is different now. Plan it anew, and look at it again.</p>
          <ul>
            {change.movedOn.slice(0, 10).map((line) => (
              <li>{line}</li>
            ))}
          </ul>
          {change.movedOn.length > 10 && <p>and {change.movedOn.length - 10} more</p>}
        </Alert>
        <div class="edlink-actions">
          <Act frame={frame} action={`${address}/refresh`} label="Plan it anew" />
          <Act frame={frame} action={`${address}/drop`} label="Drop it" quiet />
        </div>
      </>
    );
  const waits = change.status === 'waits-for-second';
  const own = waits && change.confirmedBy === frame.actor.accountId;
  return (
    <>
      {(waits || change.needsSecond) && (
        <Alert kind="info" heading="Two people have to confirm this">
          <p>
            It closes more than 5 % of the {change.covered.toLocaleString('en-US')} open sites it speaks for.{' '}
            {own
              ? 'You have confirmed it; somebody else of the state office applies it.'
              : waits
                ? 'The first has confirmed it. When you confirm it too, it is applied.'
                : 'Your word is the first; somebody else of the state office then applies it.'}
          </p>
        </Alert>
      )}
      <div class="edlink-actions">
        {!own && (
          <Act
            frame={frame}
            action={`${address}/apply`}
            label={
              change.confirmedOnly
                ? `See what the ${change.confirmedOnly.length} confirmed rows change`
                : 'See what all of it changes'
            }
            confirmed={!!change.confirmedOnly}
          />
        )}
        <Act frame={frame} action={`${address}/drop`} label="Drop it" quiet />
      </div>
    </>
  );
}

interface ActProps {
  frame: PageFrame;
  action: string;
  label: string;
  /** Only the rows the first person confirmed. */
  confirmed?: boolean;
  quiet?: boolean;
}

const Act = ({ frame, action, label, confirmed, quiet }: ActProps): VNode => (
  <form method="post" action={action}>
    <Token frame={frame} />
    {confirmed && <input type="hidden" name="confirmed" value="yes" />}
    <button class={`usa-button${quiet ? ' usa-button--outline' : ''}`} type="submit">
      {label}
    </button>
  </form>
);
