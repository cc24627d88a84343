import type { VNode } from 'preact';
import type { FoundAnswer, FoundCoordinator } from '#oversight';
import type { PlacedLocation } from '#sites';
import { Alert, Page, type PageFrame, PersonName } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';
import { FoundPlaces, PlaceSearchField } from '../parts/place-search.js';
import { aboutPlace } from '../parts/places.js';

interface FindCoordinatorProps {
  frame: PageFrame;
  text?: string;
  fault?: string;
  found?: PlacedLocation[];
}

const hrefOf = ({ level, code }: PlacedLocation): string => `/find-coordinator?${new URLSearchParams({ level, code })}`;

/** For everybody: choose the place one works at. */
export const FindCoordinatorPage = ({ frame, text, fault, found }: FindCoordinatorProps): VNode => (
  <Page frame={frame} title="Find my coordinator" faults={fault ? [{ field: 'q', message: fault }] : undefined}>
    <p class="usa-intro">Security coordinators decide who gets access at a school. Look up who they are at yours.</p>
    <form method="get" action="/find-coordinator" role="search">
      <PlaceSearchField
        text={text}
        fault={fault}
        live={frame.actor.accountId ? { next: '/find-coordinator' } : undefined}
      />
    </form>
    <FoundPlaces found={found} hrefOf={hrefOf} />
  </Page>
);

interface FoundCoordinatorProps {
  frame: PageFrame;
  place: PlacedLocation;
  answers: FoundAnswer[];
}

/**
 * Who decides at a place, by application where that makes a difference. Who is away, cannot sign in or has not signed is
 * not for strangers: they see names and since when.
 */
export const CoordinatorsAtPage = ({ frame, place, answers }: FoundCoordinatorProps): VNode => (
  <Page frame={frame} title={`Who decides at ${place.name}`}>
    <p class="edlink-quiet">{aboutPlace(place)}</p>
    <p>
      <a href="/find-coordinator">Look up another place</a>
    </p>
    {!place.open && (
      <Alert kind="warning">
        <p>This place is closed. Look up the place where the work is done now.</p>
      </Alert>
    )}
    {place.open &&
      shownTogether(answers, !!frame.actor.accountId).map((answer, _, shown) => (
        <section class="edlink-box">
          <h2>{shown.length === 1 ? 'Every application' : answer.applications.map(({ name }) => name).join(', ')}</h2>
          <Deciders answer={answer} signedIn={!!frame.actor.accountId} />
          {frame.actor.accountId && answer.reasons.map((reason) => <p class="edlink-quiet">{reason}</p>)}
        </section>
      ))}
    {place.open && answers.length > 0 && (
      <>
        <h2>What to do</h2>
        <p>
          You need not write to anybody: <a href="/requests/new">request the permission</a>, and they are told. Nobody
          can see or set your passphrase for you, not even a coordinator.
        </p>
      </>
    )}
    {place.open && answers.length === 0 && <p>No application can be asked for at this place.</p>}
  </Page>
);

/** Applications that read alike share a box; strangers do not read the reasons. */
function shownTogether(answers: FoundAnswer[], signedIn: boolean): FoundAnswer[] {
  const boxes = new Map<string, FoundAnswer>();
  for (const answer of answers) {
    const { applications, deciders, stateDesk, reasons } = answer;
    const names = deciders.map(({ name, sinceDay }) => [name, sinceDay]);
    const key = JSON.stringify([names, stateDesk, ...(signedIn ? [reasons, deciders] : [])]);
    const before = boxes.get(key)?.applications ?? [];
    boxes.set(key, { ...answer, applications: [...before, ...applications] });
  }
  return [...boxes.values()];
}

const Deciders = ({ answer: { deciders, stateDesk }, signedIn }: { answer: FoundAnswer; signedIn: boolean }): VNode => {
  if (deciders.length === 0)
    return (
      <p>
        <strong>Nobody is named here, so the state office decides.</strong> You can ask for access all the same: your
        request waits there and is seen by whoever is named next.
      </p>
    );
  return (
    <ul class="usa-list">
      {deciders.map((one) => (
        <li>
          <strong>
            <PersonName>{one.name}</PersonName>
          </strong>
          {stateDesk && ', state office'}
          <About coordinator={one} signedIn={signedIn} />
        </li>
      ))}
    </ul>
  );
};

const About = ({
  coordinator: { coversFor, untilDay, sinceDay },
  signedIn,
}: {
  coordinator: FoundCoordinator;
  signedIn: boolean;
}): VNode | null => {
  if (coversFor && signedIn)
    return (
      <>
        , in place of <PersonName>{coversFor}</PersonName>
        {untilDay && `, who is away until ${readableLastDay(untilDay)}`}
      </>
    );
  return sinceDay ? <span class="edlink-quiet">, coordinator since {readableDay(sinceDay)}</span> : null;
};
