import type { VNode } from 'preact';
import type { PlacedLocation } from '#sites';
import { aboutPlace } from '../parts/places.js';
import type { PreviewLine } from './check.page.js';
import { rolesOf, stepAddress, without, type WishSoFar } from './wish.js';

/** The roles of a request for several, each with a way to leave it out. */
export const AskedRoles = ({ wish, lines }: { wish: WishSoFar; lines: PreviewLine[] }): VNode => (
  <ul class="usa-list">
    {rolesOf(wish).map((each, _, all) => {
      const own = lines.filter(({ application }) => application.code === each.application);
      const names = [...new Set(own.map(({ permission }) => permission.name))];
      return (
        <li>
          <strong>{own[0]?.application.name}</strong>, {own[0]?.role.name}: {names.join(', ')}{' '}
          {all.length > 1 && <LeaveOut href={stepAddress(without(wish, { role: each }))} what={names.join(', ')} />}
        </li>
      );
    })}
  </ul>
);

/** The places of a request, each with a way to leave it out while there is another. */
export const AskedPlaces = ({
  wish,
  places,
  asked,
}: {
  wish: WishSoFar;
  places: PlacedLocation[];
  /** The step to come back to. */
  asked?: string;
}): VNode => (
  <ul class="usa-list">
    {places.map((place) => (
      <li>
        {place.name} <span class="edlink-quiet">{aboutPlace(place)}</span>{' '}
        {places.length > 1 && <LeaveOut href={stepAddress(without(wish, { place }), asked)} what={place.name} />}
      </li>
    ))}
  </ul>
);

const LeaveOut = ({ href, what }: { href: string; what: string }): VNode => (
  <a href={href}>
    Leave out<span class="usa-sr-only"> {what}</span>
  </a>
);
