import type { VNode } from 'preact';
import type { Application } from '#catalog';
import { locationKey, type PlacedLocation } from '#sites';
import { ButtonLink, Choices, Page, Steps } from '#web';
import { PlaceSearchField } from '../parts/place-search.js';
import { aboutPlace } from '../parts/places.js';
import { AskedPlaces } from './asked.js';
import { Chosen, requestSteps, StepForm, type StepProps } from './step-parts.js';
import { stepAddress } from './wish.js';

/** More places for the same request: ticked from one's own and from what a search finds. */
export function PlacesPage({
  frame,
  application,
  places,
  own,
  found,
  wish,
}: StepProps & {
  application: Application;
  places: PlacedLocation[];
  own: PlacedLocation[];
  found?: PlacedLocation[];
}): VNode {
  const chosen = new Set(places.map(locationKey));
  const offered = (found ?? own).filter((place) => !chosen.has(locationKey(place)));
  return (
    <Page frame={frame} title="At which other places?">
      <Steps steps={requestSteps} at={1} />
      <Chosen application={application} wish={wish} />
      <h2>Chosen so far</h2>
      <AskedPlaces wish={wish} places={places} asked="places" />
      <h2>Find more places</h2>
      <StepForm wish={wish} without="q" asked="places">
        <PlaceSearchField text={wish.search} />
      </StepForm>
      {found && offered.length === 0 && (
        <p role="status">No other place found. Try another word of its name, or its code.</p>
      )}
      {offered.length > 0 && (
        <StepForm wish={wish} without="q" asked="places">
          <Choices
            name="place"
            type="checkbox"
            legend={found ? 'Found' : 'Where you are employed'}
            choices={offered.map((place) => ({
              value: locationKey(place),
              label: place.name,
              about: aboutPlace(place),
            }))}
          />
          <div class="edlink-actions">
            <button class="usa-button usa-button--outline" type="submit">
              Add these places
            </button>
          </div>
        </StepForm>
      )}
      <div class="edlink-actions">
        <ButtonLink href={stepAddress(wish)}>Continue</ButtonLink>
      </div>
    </Page>
  );
}
