import type { VNode } from 'preact';
import type { PlaceAdvice } from '#requests';
import type { PlacedLocation } from '#sites';
import { Alert, ButtonLink } from '#web';
import { stepAddress, type WishSoFar } from './wish.js';

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
