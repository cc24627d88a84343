import type { VNode } from 'preact';
import type { CoordinatorView } from '#oversight';
import { PersonName } from '#web';

/** A coordinator's name, leading to the assignment; where there are several in one, to each by its application. */
export const CoordinatorLink = ({
  one: { coordinatorId, name, assignments },
}: {
  one: Pick<CoordinatorView, 'coordinatorId' | 'name' | 'assignments'>;
}): VNode =>
  assignments ? (
    <>
      <PersonName>{name}</PersonName>:{' '}
      {assignments.map((each, index) => (
        <>
          {index > 0 && ', '}
          <a href={`/state/coordinators/${each.coordinatorId}`}>
            {each.application}
            <span class="usa-sr-only">
              {' '}
              of <PersonName>{name}</PersonName>
            </span>
          </a>
        </>
      ))}
    </>
  ) : (
    <a href={`/state/coordinators/${coordinatorId}`}>
      <PersonName>{name}</PersonName>
    </a>
  );
