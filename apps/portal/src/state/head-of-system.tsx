import type { VNode } from 'preact';
import { PersonName, TextField, Token } from '#web';
import { readableDay } from '../parts/days.js';
import type { PlacePageProps } from './place.page.js';

/** Who heads a school system and so designates its coordinators; the state office keeps the record. */
export function HeadOfSystem(props: PlacePageProps): VNode {
  const { frame, place, head, form, faults, typed } = props;
  const address = `/state/places/system/${encodeURIComponent(place.code)}`;
  const naming = form === 'head' ? { faults, typed } : {};
  const ending = form === 'end-head' ? { faults, typed } : {};
  return (
    <>
      <h2>Head</h2>
      {head ? (
        <p>
          <PersonName>{head.name}</PersonName>, {head.title}, since {readableDay(head.since)}
        </p>
      ) : (
        <p>No head is on record, so nobody can designate a coordinator here.</p>
      )}
      <details class="edlink-more" open={form === 'head'}>
        <summary>{head ? 'Name another head' : 'Name the head'}</summary>
        <form method="post" action={`${address}/head`} novalidate>
          <Token frame={frame} />
          <TextField
            {...naming}
            name="staffId"
            idSuffix="-head"
            label="Staff ID"
            hint="10 digits"
            inputmode="numeric"
          />
          <TextField {...naming} name="title" idSuffix="-head" label="Title" hint="Such as Superintendent" />
          <div class="edlink-actions">
            <button class="usa-button" type="submit">
              Name the head
            </button>
          </div>
        </form>
      </details>
      {head && (
        <details class="edlink-more" open={form === 'end-head'}>
          <summary>Take the head off the record</summary>
          <form method="post" action={`${address}/end-head`} novalidate>
            <Token frame={frame} />
            <input type="hidden" name="headId" value={head.id} />
            <TextField
              {...ending}
              name="reason"
              idSuffix="-end-head"
              label="Why"
              hint="Kept in the history."
              rows={2}
            />
            <div class="edlink-actions">
              <button class="usa-button usa-button--secondary" type="submit">
                Take off the record
              </button>
            </div>
          </form>
        </details>
      )}
    </>
  );
}
