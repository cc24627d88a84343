import type { VNode } from 'preact';
import type { LineView, RequestView } from '#requests';
import { PersonName, Token, TypedText } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';
import { isSimple } from './line-words.js';

interface OffersProps {
  /** The token of the page's forms. */
  frame: Parameters<typeof Token>[0]['frame'];
  request: RequestView;
}

/** For the requester: less than was asked for, each with the two answers. */
export const Offers = ({ frame, request }: OffersProps): VNode => (
  <>
    {request.lines
      .filter(({ status, offer }) => status === 'pending' && offer?.status === 'open')
      .map((line) => (
        <Offer frame={frame} request={request} line={line} />
      ))}
  </>
);

function Offer({ frame, request, line }: OffersProps & { line: LineView }): VNode {
  const { id, by, reason } = line.offer!;
  const ends = line.ends.map(({ role }) => role.name);
  const closes = line.time?.expiryDay;
  return (
    <section class="edlink-box" aria-labelledby={`offer-${id}`}>
      <h2 id={`offer-${id}`}>
        <PersonName>{by}</PersonName> offers you less
      </h2>
      <p>
        You asked for {line.permission.name}
        {!isSimple(request.lines) && ` at ${line.place.name}`}. Offered is <strong>{offeredInWords(line)}</strong>.
      </p>
      {reason && <TypedText>{reason}</TypedText>}
      <p>
        If you take it, it is given {line.fromDay ? `from ${readableDay(line.fromDay)}` : 'at once'}
        {ends.length > 0 && `, and your role ${[...new Set(ends)].join(', ')} at ${line.place.name} ends`}. If you keep
        asking, your request goes on as it is.{closes && ` Without an answer it is closed on ${readableDay(closes)}.`}
      </p>
      <form method="post" action={`/requests/${request.id}/offer`}>
        <Token frame={frame} />
        <input type="hidden" name="offerId" value={id} />
        <input type="hidden" name="ends" value={line.ends.map(({ grantId }) => grantId).join()} />
        <div class="edlink-actions">
          <button class="usa-button" type="submit" name="answer" value="accept">
            Take it
          </button>
          <button class="usa-button usa-button--outline" type="submit" name="answer" value="decline">
            Keep asking for all of it
          </button>
        </div>
      </form>
    </section>
  );
}

/** "SER Data Reader until June 30, 2027" */
export const offeredInWords = ({ offer, permission }: Pick<LineView, 'offer' | 'permission'>): string =>
  [(offer?.permission ?? permission).name, offer?.toDay && `until ${readableLastDay(offer.toDay)}`]
    .filter(Boolean)
    .join(' ');
