import type { VNode } from 'preact';
import type { PlaceAdvice } from '#requests';
import type { PlacedLocation } from '#sites';
import { Alert, ButtonLink } from '#web';
import { placesOf, stepAddress, type WishSoFar, without } from './wish.js';

/** The same of several places at once. @param advice of each place, in order */
export function AboutChoices({
  advice,
  places,
  wish,
}: {
  advice: PlaceAdvice[];
  places: PlacedLocation[];
  wish: WishSoFar;
}): VNode {
  const named = (some: PlacedLocation[]): string => some.map(({ name }) => name).join(', ');
  const systems = new Map(advice.flatMap(({ comesWith }) => (comesWith ? [[comesWith.code, comesWith]] : [])));
  const elsewhere = places.filter((_, at) => advice[at]!.employedAt && !advice[at]!.comesWith);
  const employedAt = advice.find((one) => one.employedAt)?.employedAt ?? [];
  return (
    <>
      {[...systems.values()].map((system) => {
        const served = places.filter((_, at) => advice[at]!.comesWith?.code === system.code);
        const rest = served.reduce((left, place) => without(left, { place }), wish);
        const whole = { level: system.level, code: system.code };
        return (
          <Alert kind="warning" heading={`What comes with ${system.name}`}>
            <p>
              You work for {system.name}, which serves {named(served)}. Ask for the whole of {system.name} once, and its
              sites come with it; you need not ask for them one by one.
            </p>
            <p>
              <ButtonLink href={stepAddress({ ...rest, location: whole, places: placesOf(rest) })}>
                Ask for {system.name} instead
              </ButtonLink>
            </p>
          </Alert>
        );
      })}
      {elsewhere.length > 0 && (
        <Alert kind="warning">
          <p>
            Staff records do not show that you are employed at {named(elsewhere)}; they show {employedAt.join(', ')}.
            You can still send the request; whoever decides it sees this too. Say why you need it, or leave out what you
            do not need.
          </p>
        </Alert>
      )}
    </>
  );
}

/** What to know about a place before asking for it: that it comes with the school system, or that one works elsewhere. */
export function AboutChoice({
  advice: { comesWith, employedAt },
  place,
  wish,
}: {
  advice: PlaceAdvice;
  place: PlacedLocation;
  wish: WishSoFar;
}): VNode | null {
  if (comesWith)
    return (
      <Alert kind="warning" heading={`This site comes with ${comesWith.name}`}>
        <p>
          You work for {comesWith.name}, which serves {place.name}. Ask for the whole of {comesWith.name} once, and its
          sites come with it; you need not ask for them one by one.
        </p>
        <p>
          <ButtonLink href={stepAddress({ ...wish, location: { level: comesWith.level, code: comesWith.code } })}>
            Ask for {comesWith.name} instead
          </ButtonLink>
        </p>
      </Alert>
    );
  if (employedAt)
    return (
      <Alert kind="warning">
        <p>
          Staff records do not show that you are employed at {place.name}
          {employedAt.length > 0 && `; they show ${employedAt.join(', ')}`}. You can still send the request; whoever
          decides it sees this too. Say why you need it.
        </p>
        <p>
          <a href={stepAddress({ ...wish, location: undefined })}>Choose another place</a>
        </p>
      </Alert>
    );
  return null;
}
