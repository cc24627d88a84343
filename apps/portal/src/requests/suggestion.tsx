import type { VNode } from 'preact';
import { type FieldFault, readableDate } from '#kernel';
import type { Named, RequestView, SuggestionView } from '#requests';
import { Alert, PersonName, TextField, Token, TypedText } from '#web';

interface SuggestSystemProps {
  /** The token of the page's forms. */
  frame: Parameters<typeof Token>[0]['frame'];
  request: RequestView;
  system: Named;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** For whoever decides: offer the requester to ask for the whole school system instead of one site. */
export const SuggestSystem = ({ frame, request, system, faults, typed }: SuggestSystemProps): VNode => (
  <details class="edlink-more" open={typed?.note !== undefined}>
    <summary>Meant for the whole school system?</summary>
    <p>
      If the work is not only at {request.lines[0]!.place.name}, you can offer the person to ask for the whole of{' '}
      {system.name} instead. Nothing changes until they accept.
    </p>
    <form method="post" action={`/review/${request.id}/suggest`} novalidate>
      <Token frame={frame} />
      <input type="hidden" name="version" value={request.version} />
      <TextField
        name="note"
        label="A word to the person"
        hint="No names of students."
        rows={2}
        required={false}
        faults={faults}
        typed={typed}
      />
      <div class="edlink-actions">
        <button class="usa-button usa-button--outline" type="submit">
          Offer the whole system
        </button>
      </div>
    </form>
  </details>
);

/** How an offer stands; `own`: whoever looks is the person it was made to. */
export const SuggestionState = ({ suggestion, own }: { suggestion: SuggestionView; own?: boolean }): VNode => {
  const { status, system, requestId } = suggestion;
  const they = own ? 'You' : 'The person';
  return (
    <Alert kind="info">
      <p>
        {status === 'open' && (
          <>
            <PersonName>{suggestion.by}</PersonName> offered on {readableDate(suggestion.at)} to ask for the whole of{' '}
            {system.name} instead. {!own && 'The person has not answered yet; you can still decide.'}
          </>
        )}
        {status === 'declined' && `${they} kept asking for this place, not for the whole of ${system.name}.`}
        {status === 'accepted' && (
          <>
            {they} asked for the whole of {system.name} instead.{' '}
            {requestId && <a href={`/requests/${requestId}`}>Go to that request</a>}
          </>
        )}
      </p>
    </Alert>
  );
};

/** For the requester: a coordinator's offer, and the two answers. */
export const AnswerSuggestion = ({
  frame,
  request,
  suggestion,
}: Pick<SuggestSystemProps, 'frame' | 'request'> & { suggestion: SuggestionView }): VNode => (
  <section class="edlink-box" aria-labelledby="suggestion">
    <h2 id="suggestion">Ask for the whole school system instead?</h2>
    <p>
      <PersonName>{suggestion.by}</PersonName> suggests asking for the whole of {suggestion.system.name} instead of{' '}
      {request.lines[0]!.place.name} alone.
    </p>
    {suggestion.note && <TypedText>{suggestion.note}</TypedText>}
    <p>
      If you accept, this request is withdrawn and a new one for {suggestion.system.name} is sent in your name, with the
      same permissions. If you decline, this request goes on as it is.
    </p>
    <form method="post" action={`/requests/${request.id}/suggestion`}>
      <Token frame={frame} />
      <input type="hidden" name="suggestionId" value={suggestion.id} />
      <div class="edlink-actions">
        <button class="usa-button" type="submit" name="answer" value="accept">
          Ask for the whole system
        </button>
        <button class="usa-button usa-button--outline" type="submit" name="answer" value="decline">
          Keep this request
        </button>
      </div>
    </form>
  </section>
);
