import type { VNode } from 'preact';
import { type FieldFault, readableDate } from '#kernel';
import type { LineView, RequestView } from '#requests';
import { Alert, Choices, type PageFrame, Select, TextField, Token } from '#web';
import { dayAfter, readableDay } from '../parts/days.js';
import { meetingInWords } from '../requests/foreseen.js';
import { isSimple, thingsInWords } from '../requests/line-words.js';
import { offeredInWords } from '../requests/offers.js';
import { TermsOf } from '../requests/terms.js';

interface DecideProps {
  frame: PageFrame;
  request: RequestView;
  /** The lines that wait. */
  open: LineView[];
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** Approve, approve less or reject each line; a line left as it is waits on. Many can be answered in one go, and single ones otherwise. */
export const DecideLines = ({ frame, request, open, faults, typed = {} }: DecideProps): VNode => (
  <form method="post" action={`/review/${request.id}`} novalidate>
    <Token frame={frame} />
    <input type="hidden" name="version" value={request.version} />
    <h2 id="decisions" tabIndex={-1}>
      Your decision
    </h2>
    {open.length > few && (
      <div class="edlink-box">
        <Choices
          name="verdict-all"
          type="radio"
          inRow
          required={false}
          legend={
            <>
              <strong>All {open.length} permissions, but for those you answer below</strong>
              {thingsInWords(open, !isSimple(open)).map((thing) => (
                <div class="edlink-quiet">{thing}</div>
              ))}
            </>
          }
          choices={[
            { value: 'approve', label: 'Approve' },
            { value: 'reject', label: 'Reject' },
            { value: '', label: 'Each by itself' },
          ]}
          chosen={[String(typed['verdict-all'] ?? '')]}
          faults={faults}
        />
        <TextField
          name="reason-all"
          label="Reason for all of them"
          hint="Needed when you reject; the person reads it."
          rows={2}
          required={false}
          faults={faults}
          typed={typed}
        />
      </div>
    )}
    <EachLine request={request} open={open} faults={faults} typed={typed} />
    <div class="edlink-actions">
      <button class="usa-button" type="submit">
        Save decision
      </button>
      <a href="/review">Back to the list</a>
    </div>
  </form>
);

/** The lines one by one; many are a click away, but for those about which there is more to know. */
function EachLine({ request, open, faults, typed = {} }: Omit<DecideProps, 'frame'>): VNode {
  const line = (each: LineView): VNode => (
    <DecideLine request={request} line={each} named={!isSimple(open)} faults={faults} typed={typed} />
  );
  if (open.length <= few) return <>{open.map(line)}</>;
  const special = open.filter(hasMore);
  const plain = open.filter((each) => !hasMore(each));
  const touched = plain.some(({ id }) => Object.entries(typed).some(([name, value]) => name.endsWith(id) && !!value));
  return (
    <>
      {special.map(line)}
      {plain.length > 0 && (
        <details class="edlink-more" open={touched}>
          <summary>Answer {special.length > 0 ? 'the others' : 'them'} one by one</summary>
          {plain.map(line)}
        </details>
      )}
    </>
  );
}

/** Up to so many lines are answered one by one at once. */
const few = 3;

/** Whether something comes with a yes, or waits already. */
const hasMore = ({ ends, warnings, offer }: LineView): boolean =>
  ends.length > 0 || warnings.length > 0 || offer?.status === 'open';

interface DecideLineProps extends Required<Pick<DecideProps, 'request' | 'typed'>>, Pick<DecideProps, 'faults'> {
  line: LineView;
  named: boolean;
}

const DecideLine = ({ request, line, named, faults, typed }: DecideLineProps): VNode => (
  <div class="edlink-box">
    <Choices
      name={`verdict-${line.id}`}
      type="radio"
      inRow
      required={false}
      legend={
        <>
          <strong>{line.permission.name}</strong>
          {named && ` at ${line.place.name}`}
          <TermsOf line={{ ...line, ends: [] }} />
        </>
      }
      choices={[
        { value: 'approve', label: 'Approve' },
        { value: 'narrow', label: 'Approve less' },
        { value: 'reject', label: 'Reject' },
        { value: '', label: 'Decide later' },
      ]}
      chosen={[String(typed[`verdict-${line.id}`] ?? '')]}
      faults={faults}
    />
    <ToKnow line={line} />
    {line.ends.length > 0 && (
      <input type="hidden" name={`ends-${line.id}`} value={line.ends.map(({ grantId }) => grantId).join()} />
    )}
    <Less request={request} line={line} faults={faults} typed={typed} />
    <TextField
      name={`reason-${line.id}`}
      label="Reason"
      hint="Needed when you reject; the person reads it."
      rows={2}
      required={false}
      faults={faults}
      typed={typed}
    />
  </div>
);

/** What comes with a yes: a role that ends, duties that meet; and an offer that waits. */
const ToKnow = ({ line }: { line: LineView }): VNode | null => {
  if (!hasMore(line)) return null;
  const { ends, warnings, offer, place } = line;
  return (
    <Alert kind="warning">
      {ends.length > 0 && (
        <p>
          Approving ends another role of this person at {place.name}:{' '}
          {ends.map(({ role, permission }) => `${role.name} (${permission.name})`).join(', ')}. In one application a
          person has one role at a place.
        </p>
      )}
      {warnings.map((warning) => (
        <p>
          {meetingInWords(warning, place.name, 'the person has')}
          {warning.effect === 'forbid' && ' It cannot be approved while that is so.'}
        </p>
      ))}
      {offer?.status === 'open' && (
        <p>
          {offer.by} offered {offeredInWords(line)} on {readableDate(offer.at)}, and the person has not answered yet.
          You can still decide.
        </p>
      )}
    </Alert>
  );
};

/** What to approve in place of what was asked for. */
function Less({ request, line, faults, typed }: Omit<DecideLineProps, 'named'>): VNode {
  const [narrow, until] = [`narrow-${line.id}`, `until-${line.id}`];
  const chosen = typed[`verdict-${line.id}`] === 'narrow' || !!typed[narrow] || !!typed[until];
  return (
    <details class="edlink-more" open={chosen || faults?.some(({ field }) => field === narrow || field === until)}>
      <summary>What to approve, if less</summary>
      <p>
        {request.mayNarrow
          ? 'The person agreed beforehand: it takes effect at once.'
          : 'The person is asked first; until then nothing is given, and this permission goes on waiting.'}
      </p>
      {line.lesser.length > 0 && (
        <Select
          name={narrow}
          label="Permission"
          options={[
            { value: '', label: `${line.permission.name}, as asked` },
            ...line.lesser.map(({ code, name }) => ({ value: code, label: name })),
          ]}
          chosen={String(typed[narrow] ?? '')}
          faults={faults}
        />
      )}
      <TextField
        name={until}
        label="Last day"
        hint={line.toDay ? `Asked for until ${readableDay(dayAfter(line.toDay, -1))}.` : 'Asked for without an end.'}
        type="date"
        required={false}
        faults={
          line.lesser.length > 0
            ? faults
            : faults?.map((one) => (one.field === narrow ? { ...one, field: until } : one))
        }
        typed={typed}
      />
    </details>
  );
}
