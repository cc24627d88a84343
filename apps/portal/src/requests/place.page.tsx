import type { VNode } from 'preact';
import type { Application } from '#catalog';
import type { PlacedLocation } from '#sites';
import { Alert, Page, Steps } from '#web';
import { aboutPlace } from './places.js';
import { Chosen, requestSteps, StepForm, type StepProps } from './step-parts.js';
import { stepAddress, type WishSoFar } from './wish.js';

/** Where: own places first, then a search by name or code; the list follows the typing where script runs. */
export function PlacePage({
  frame,
  application,
  own,
  found,
  faults,
  wish,
}: StepProps & { application: Application; own: PlacedLocation[]; found?: PlacedLocation[] }): VNode {
  const fault = faults.find((each) => each.field === 'q');
  const next = stepAddress({ ...wish, search: undefined });
  return (
    <Page frame={frame} title="Where do you need it?" faults={faults}>
      <Steps steps={requestSteps} at={1} />
      <Chosen application={application} wish={wish} />
      {application.placeHint && (
        <Alert kind="info">
          <p>{application.placeHint}</p>
        </Alert>
      )}
      {own.length > 0 && (
        <>
          <h2>Where you are employed</h2>
          <PlaceList places={own} wish={wish} />
        </>
      )}
      <h2>{own.length ? 'Somewhere else' : 'Find the place'}</h2>
      <StepForm wish={wish} without="q" asked="place">
        <div class={`usa-form-group${fault ? ' usa-form-group--error' : ''}`}>
          <label class="usa-label" for="q">
            Name or code of a school or school system
          </label>
          {fault && (
            <span class="usa-error-message" id="q-fault">
              {fault.message}
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
              value={wish.search}
              aria-describedby={fault ? 'q-fault' : undefined}
              aria-invalid={fault ? 'true' : undefined}
              data-places="found"
              data-said="said"
              data-next={next}
              data-application={application.code}
            />
            <button class="usa-button" type="submit">
              Search
            </button>
          </div>
        </div>
      </StepForm>
      <p id="said" role="status">
        {found &&
          (found.length
            ? `${found.length} ${found.length === 1 ? 'place' : 'places'} found. Choose one from the list below.`
            : 'No place found. Try another word of its name, or its code.')}
      </p>
      <PlaceList id="found" places={found ?? []} wish={wish} />
    </Page>
  );
}

const PlaceList = ({ id, places, wish }: { id?: string; places: PlacedLocation[]; wish: WishSoFar }): VNode => (
  <ul class="edlink-places" id={id}>
    {places.map((place) => (
      <li>
        <a href={stepAddress({ ...wish, location: { level: place.level, code: place.code } })}>
          <strong>{place.name}</strong>
          {aboutPlace(place)}
        </a>
      </li>
    ))}
  </ul>
);
