import type { VNode } from 'preact';
import type { PlacedLocation } from '#sites';
import { Empty, Page, type PageFrame } from '#web';
import { aboutPlace } from '../parts/places.js';
import { StateNav } from './state-nav.js';

interface StatePlacesProps {
  frame: PageFrame;
  /** What was searched for. */
  text?: string;
  found?: PlacedLocation[];
}

/** Where the state office looks for a school system or a site. */
export const StatePlacesPage = ({ frame, text, found }: StatePlacesProps): VNode => (
  <Page frame={frame} title="Places">
    <StateNav frame={frame} />
    <p>A place shows its life: names, codes, where it belongs and who serves it, and what can be changed.</p>
    <form class="edlink-filter" method="get" action="/state/places" role="search" aria-label="Places">
      <div class="usa-form-group">
        <label class="usa-label" for="q">
          Name or code of a school system or site
        </label>
        <input class="usa-input" id="q" name="q" type="search" autocomplete="off" maxLength={100} value={text} />
      </div>
      <button class="usa-button" type="submit">
        Search
      </button>
    </form>
    <p role="status">{found && text && toldOf(found.length)}</p>
    {found?.length === 0 && (
      <Empty>
        <p>No open place fits. Try another word of its name, or its code. A closed place opens by its whole code.</p>
      </Empty>
    )}
    <ul class="edlink-places">
      {found?.map((place) => (
        <li>
          <a href={`/state/places/${place.level}/${encodeURIComponent(place.code)}`}>
            <strong>{place.name}</strong>
            {aboutPlace(place)}
          </a>
        </li>
      ))}
    </ul>
  </Page>
);

const toldOf = (count: number): string =>
  count === 50
    ? 'The first 50 places found. Type more to see fewer.'
    : `${count} ${count === 1 ? 'place' : 'places'} found.`;
