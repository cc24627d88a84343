import type { VNode } from 'preact';
import type { PersonView } from '#compliance';
import { type FieldFault, type Problem, readableDate } from '#kernel';
import { Empty, Facts, Page, type PageFrame, PersonName, Tag, TextField, Token } from '#web';
import { titleOf } from '../requests/line-words.js';
import { readableDay } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { DepartureBox } from './departure.js';
import { NowAccess, PastAccess } from './person-access.js';

/** What became of a form the page sent. */
export interface PersonAnswer {
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

interface PersonProps extends PersonAnswer {
  frame: PageFrame;
  person: PersonView;
}

/** A person: where employed, what may be done and since when, what was asked for, what ended, and the ways to end it. */
export const PersonPage = (props: PersonProps): VNode => {
  const { frame, person, notice, problem } = props;
  const { departures, employments, past } = person;
  return (
    <Page frame={frame} title={person.name} notice={notice} faults={props.faults}>
      {problem && <ProblemAlert problem={problem} />}
      <Facts facts={[['Staff ID', person.staffId]]} />
      {departures.map((one) => (
        <DepartureBox departure={one} />
      ))}
      <h2>Employments</h2>
      {employments.length === 0 ? (
        <Empty>
          <p>No employment where you look after people.</p>
        </Empty>
      ) : (
        <ul class="edlink-list">
          {employments.map(({ site, position, from, to, over }) => (
            <li>
              {position}, {site} {over && <Tag tone="quiet">Ended</Tag>}
              <br />
              <span class="edlink-quiet">
                Since {readableDay(from)}
                {to && `, ${over ? 'ended' : 'ends'} ${readableDay(to)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <h2>Access now</h2>
      <NowAccess person={person} />
      <p>
        <a href={`/people/as-of/person?staffId=${person.staffId}`}>What this person had in an earlier time</a>
      </p>
      <h2>Requests</h2>
      <Requests person={person} />
      {past.length > 0 && (
        <>
          <h2>Access before</h2>
          <PastAccess person={person} />
        </>
      )}
      {person.mayEnd && <EndForm {...props} mayEnd={person.mayEnd} />}
    </Page>
  );
};

const Requests = ({ person: { requests } }: { person: PersonView }): VNode =>
  requests.length === 0 ? (
    <Empty>
      <p>No request where you decide.</p>
    </Empty>
  ) : (
    <ul class="edlink-list">
      {requests.map(({ id, reference, submittedAt, lines }) => (
        <li>
          <a href={`/review/${id}`}>{reference}</a>: {titleOf(lines)}{' '}
          {lines.some(({ status }) => status === 'pending') && <Tag tone="waiting">Open</Tag>}
          <br />
          <span class="edlink-quiet">Asked for {readableDate(submittedAt)}</span>
        </li>
      ))}
    </ul>
  );

/** Ends the employment; the page says before what that means. */
function EndForm(props: PersonProps & { mayEnd: NonNullable<PersonView['mayEnd']> }): VNode {
  const { frame, person, mayEnd, faults, typed } = props;
  const mine = { faults, typed };
  return (
    <form method="post" action={`/people/${person.staffMemberId}/end`} novalidate>
      <Token frame={frame} />
      <h2>End the employment</h2>
      <p>
        {mayEnd === 'everywhere' ? <>Ends every employment of </> : <>Ends the employment at {mayEnd.join(', ')} of </>}
        <PersonName>{person.name}</PersonName>. With the last one, everything ends at once: access, open requests,
        duties as a coordinator, and whatever is signed in.
      </p>
      <TextField
        name="lastDay"
        label="Last day"
        hint="Leave it empty to end it at once."
        type="date"
        required={false}
        {...mine}
      />
      <TextField name="reason" label="Why" hint="The person reads it." rows={3} {...mine} />
      <div class="edlink-actions">
        <button class="usa-button usa-button--secondary" type="submit">
          End the employment
        </button>
      </div>
    </form>
  );
}
