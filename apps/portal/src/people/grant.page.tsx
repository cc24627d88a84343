import type { VNode } from 'preact';
import type { GrantEvent, GrantView } from '#compliance';
import { type FieldFault, type Problem, readableDate, readableTime } from '#kernel';
import { Facts, Page, type PageFrame, PersonName, TextField, Token, TypedText } from '#web';
import { readableLast } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { StandingTag } from '../parts/standing.js';
import { Timeline } from '../parts/timeline.js';
import { Told } from './told.js';

/** What can be done with somebody's permission. */
export type GrantDeedName = 'renew' | 'suspend' | 'resume' | 'revoke';

/** What became of a form the page sent. */
export interface GrantAnswer {
  /** The form the faults and the typed text belong to. */
  form?: GrantDeedName;
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

interface GrantProps extends GrantAnswer {
  frame: PageFrame;
  grant: GrantView;
}

/** One permission of a person: how it stands, what was done with it, which applications know, and the ways to change it. */
export const GrantPage = (props: GrantProps): VNode => {
  const { frame, grant, notice, problem } = props;
  const { person, own, standing, told } = grant;
  const over = standing === 'ended';
  return (
    <Page frame={frame} title={`${grant.permission} of ${person.name}`} notice={notice} faults={inForm(props)}>
      {problem && <ProblemAlert problem={problem} />}
      <Known grant={grant} />
      <Told told={told} heading={2} />
      <h2>What happened so far</h2>
      <Timeline
        moments={grant.events.map((one) => ({
          when: readableTime(one.at),
          what: <Done one={one} />,
          about: one.reason && <TypedText>{`Reason: ${one.reason}`}</TypedText>,
        }))}
      />
      {own && !over && (
        <p>
          This is your own access: somebody else decides about it. You can give it up under{' '}
          <a href="/access">My access</a>.
        </p>
      )}
      {!own && !over && <Ways {...props} />}
    </Page>
  );
};

/** Three forms, two of them with a reason: the summary leads to the right field. */
const inForm = ({ form, faults }: GrantAnswer): FieldFault[] | undefined =>
  faults?.map((one) => ({ ...one, field: `${one.field}-${form}` }));

const Known = ({ grant }: { grant: GrantView }): VNode => {
  const { person, standing, fromAt, toAt, endedAt, approved } = grant;
  return (
    <Facts
      facts={[
        [
          'Person',
          <a href={`/people/${person.staffMemberId}`}>
            <PersonName>{person.name}</PersonName>
          </a>,
        ],
        ['Staff ID', person.staffId],
        ['Application', grant.application],
        ['Where', grant.place],
        ['State', <StandingTag standing={standing} />],
        [standing === 'begins' ? 'Begins' : 'Since', readableDate(fromAt)],
        endedAt ? ['Ended', readableTime(endedAt)] : ['Last day', toAt ? readableLast(toAt) : 'No end set'],
        ...(approved.request
          ? [
              [
                'Approved',
                <>
                  {readableDate(approved.at)}
                  {approved.by && (
                    <>
                      {' '}
                      by <PersonName>{approved.by}</PersonName>
                    </>
                  )}
                  , request <a href={`/review/${approved.request.id}`}>{approved.request.reference}</a>
                </>,
              ] as [string, VNode],
            ]
          : []),
      ]}
    />
  );
};

const deeds: Record<GrantEvent['cause'], string> = {
  given: 'Given',
  extended: 'Goes on longer, by request',
  renewed: 'Goes on longer',
  suspended: 'Suspended',
  resumed: 'Goes on after it rested',
  inactive: 'Rests: it was not used',
  'given-up': 'Given up by the person',
  revoked: 'Taken away',
  'duty-changed': 'Ended: another role was given there',
  'site-closed': 'Ended: the place closed',
  'site-moved': 'Ended: the place moved to another school system',
  left: 'Ended: the person left',
  replaced: 'Ended',
};

const Done = ({ one: { cause, by, toAt } }: { one: GrantEvent }): VNode => (
  <>
    {deeds[cause]}
    {toAt && ['given', 'extended', 'renewed'].includes(cause) && `, last day ${readableLast(toAt)}`}
    {by && (
      <>
        , by <PersonName>{by}</PersonName>
      </>
    )}
  </>
);

const Ways = ({ frame, grant, form, faults, typed }: GrantProps): VNode => {
  const { person, grantId, standing, toAt } = grant;
  const to = (deed: GrantDeedName): string => `/people/${person.staffMemberId}/access/${grantId}/${deed}`;
  const of = (deed: GrantDeedName): Pick<GrantAnswer, 'faults' | 'typed'> => (form === deed ? { faults, typed } : {});
  const rests = standing === 'rests' || standing === 'suspended';
  return (
    <>
      {toAt && (
        <form method="post" action={to('renew')} novalidate>
          <Token frame={frame} />
          <h2>Let it go on longer</h2>
          <TextField
            name="lastDay"
            idSuffix="-renew"
            label="Last day"
            hint={`After ${readableLast(toAt)}. The person is told.`}
            type="date"
            {...of('renew')}
          />
          <div class="edlink-actions">
            <button class="usa-button" type="submit">
              Let it go on
            </button>
          </div>
        </form>
      )}
      {rests ? (
        <form method="post" action={to('resume')}>
          <Token frame={frame} />
          <h2>Let it be used again</h2>
          <p>It can be used at once; the person is told. Its last day stays the same.</p>
          <div class="edlink-actions">
            <button class="usa-button" type="submit">
              Let it be used again
            </button>
          </div>
        </form>
      ) : (
        <form method="post" action={to('suspend')} novalidate>
          <Token frame={frame} />
          <h2>Suspend it for a while</h2>
          <p>It stops at once and can be resumed here. The person need not ask for it again.</p>
          <TextField
            name="reason"
            idSuffix="-suspend"
            label="Why it is suspended"
            hint="The person reads it."
            rows={2}
            {...of('suspend')}
          />
          <div class="edlink-actions">
            <button class="usa-button usa-button--outline" type="submit">
              Suspend it
            </button>
          </div>
        </form>
      )}
      <form method="post" action={to('revoke')} novalidate>
        <Token frame={frame} />
        <h2>Take it away</h2>
        <p>
          It ends at once and for good; the person can ask anew. Applications are told, and this page shows which
          confirmed.
        </p>
        <TextField
          name="reason"
          idSuffix="-revoke"
          label="Why it is taken away"
          hint="The person reads it."
          rows={2}
          {...of('revoke')}
        />
        <div class="edlink-actions">
          <button class="usa-button usa-button--secondary" type="submit">
            Take it away
          </button>
        </div>
      </form>
    </>
  );
};
