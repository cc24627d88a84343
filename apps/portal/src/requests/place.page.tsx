import type { VNode } from 'preact';
import type { Application } from '#catalog';
import type { PlacedLocation } from '#sites';
import { Alert, Page, Steps } from '#web';
import { FoundPlaces, PlaceList, PlaceSearchField } from '../parts/place-search.js';
import { Chosen, requestSteps, StepForm, type StepProps } from './step-parts.js';
import { stepAddress } from './wish.js';

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
  const hrefOf = ({ level, code }: PlacedLocation): string => stepAddress({ ...wish, location: { level, code } });
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
          <PlaceList places={own} hrefOf={hrefOf} />
        </>
      )}
      <h2>{own.length ? 'Somewhere else' : 'Find the place'}</h2>
      <StepForm wish={wish} without="q" asked="place">
        <PlaceSearchField text={wish.search} fault={fault?.message} live={{ next, application: application.code }} />
      </StepForm>
      <FoundPlaces found={found} hrefOf={hrefOf} />
    </Page>
  );
}
