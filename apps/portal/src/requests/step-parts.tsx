import type { ComponentChildren, VNode } from 'preact';
import type { Application, Role } from '#catalog';
import type { FieldFault } from '#kernel';
import type { PlacedLocation } from '#sites';
import { Facts, type PageFrame } from '#web';
import { aboutPlace } from '../parts/places.js';
import { partsOf, stepAddress, type WishSoFar } from './wish.js';

/** The steps of a request. */
export const requestSteps = ['Application', 'Place', 'Role and permissions', 'Check and send'];

/** What every step is drawn from. */
export interface StepProps {
  frame: PageFrame;
  wish: WishSoFar;
  faults: FieldFault[];
}

/** What was chosen already, each with a way to choose again. */
export function Chosen({
  application,
  place,
  role,
  wish,
}: {
  application: Application;
  place?: PlacedLocation;
  role?: Role;
  wish: WishSoFar;
}): VNode {
  const change = (what: string, next: WishSoFar, asked?: string): VNode => (
    <>
      {' '}
      <a href={stepAddress(next, asked)}>
        Change<span class="usa-sr-only"> {what}</span>
      </a>
    </>
  );
  const facts: [string, ComponentChildren][] = [
    [
      'Application',
      <>
        {application.name}{' '}
        {wish.also?.length
          ? change('application', { ...wish, application: undefined, role: undefined, permissions: [] }, 'another')
          : change('application', { permissions: [] })}
      </>,
    ],
  ];
  if (place && wish.places?.length) facts.push(['Places', `${wish.places.length + 1} places`]);
  else if (place)
    facts.push([
      'Place',
      <>
        {place.name}
        <br />
        <span class="edlink-quiet">{aboutPlace(place)}</span> {change('place', { ...wish, location: undefined })}
      </>,
    ]);
  if (role && application.roles.length > 1)
    facts.push([
      'Role',
      <>
        {role.name} {change('role', { ...wish, role: undefined, permissions: [] })}
      </>,
    ]);
  return <Facts facts={facts} />;
}

/** The form of a step: what was chosen before travels along as hidden fields. */
export function StepForm({
  wish,
  without,
  asked,
  children,
}: {
  wish: WishSoFar;
  without: string;
  asked: string;
  children: ComponentChildren;
}): VNode {
  return (
    <form method="get" action="/requests/new" novalidate>
      {partsOf(wish)
        .filter(([name]) => name !== without)
        .map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
      <input type="hidden" name="asked" value={asked} />
      {children}
    </form>
  );
}

/** The way on, and the way out. */
export const Continue = (): VNode => (
  <div class="edlink-actions">
    <button class="usa-button" type="submit">
      Continue
    </button>
    <a href="/">Cancel</a>
  </div>
);
