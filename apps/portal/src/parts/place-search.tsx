import type { VNode } from 'preact';
import type { PlacedLocation } from '#sites';
import { aboutPlace } from './places.js';

interface PlaceSearchProps {
  text?: string;
  fault?: string;
  /** The list follows the typing where script runs: the address to go on to, and the application that narrows it. */
  live?: { next: string; application?: string };
}

/** The field that looks for a place by name or code; stands in a form of its page. */
export const PlaceSearchField = ({ text, fault, live }: PlaceSearchProps): VNode => (
  <div class={`usa-form-group${fault ? ' usa-form-group--error' : ''}`}>
    <label class="usa-label" for="q">
      Name or code of a school or school system
    </label>
    {fault && (
      <span class="usa-error-message" id="q-fault">
        {fault}
      </span>
    )}
    <div class="edlink-search">
      <input
        class={`usa-input${fault ? ' usa-input--error' : ''}`}
        id="q"
        name="q"
        type="search"
        autocomplete="off"
        maxLength={100}
        value={text}
        aria-describedby={fault ? 'q-fault' : undefined}
        aria-invalid={fault ? 'true' : undefined}
        {...(live && {
          'data-places': 'found',
          'data-said': 'said',
          'data-next': live.next,
          'data-application': live.application,
        })}
      />
      <button class="usa-button" type="submit">
        Search
      </button>
    </div>
  </div>
);

/** As many as a search answers with. */
const mostFound = 20;

const countOf = (count: number): string =>
  count < mostFound
    ? `${count} ${count === 1 ? 'place' : 'places'} found.`
    : `The first ${count} places found; another word of the name finds fewer.`;

/** How many places were found, said as it changes, and the list of them. */
export const FoundPlaces = ({
  found,
  hrefOf,
}: {
  /** Absent before anything was looked for. */
  found?: PlacedLocation[];
  hrefOf: (place: PlacedLocation) => string;
}): VNode => (
  <>
    <p id="said" role="status">
      {found &&
        (found.length
          ? `${countOf(found.length)} Choose one from the list below.`
          : 'No place found. Try another word of its name, or its code.')}
    </p>
    <PlaceList id="found" places={found ?? []} hrefOf={hrefOf} />
  </>
);

/** Places to choose one from. */
export const PlaceList = ({
  id,
  places,
  hrefOf,
}: {
  id?: string;
  places: PlacedLocation[];
  hrefOf: (place: PlacedLocation) => string;
}): VNode => (
  <ul class="edlink-places" id={id}>
    {places.map((place) => (
      <li>
        <a href={hrefOf(place)}>
          <strong>{place.name}</strong>
          {aboutPlace(place)}
        </a>
      </li>
    ))}
  </ul>
);
