import type { VNode } from 'preact';
import type { DutyWarning, EndingRole } from '#requests';
import { Alert } from '#web';

/** What would come with a role at a place, were it given. */
export interface ForeseenAt {
  /** Names of the place and of the role asked for there. */
  place: string;
  role: string;
  ends: EndingRole[];
  warnings: DutyWarning[];
}

/** For the person who asks: what ends with it, and which duties would meet. */
export const Foreseen = ({ foreseen }: { foreseen: ForeseenAt[] }): VNode => {
  const ending = foreseen.filter(({ ends }) => ends.length > 0);
  const met = foreseen.flatMap(({ warnings, place }) => warnings.map((warning) => ({ warning, place })));
  const forbidden = met.filter(({ warning }) => warning.effect === 'forbid');
  const warned = met.filter(({ warning }) => warning.effect === 'warn');
  return (
    <>
      {ending.length > 0 && (
        <Alert kind="warning" heading="This takes the place of what you have">
          <p>In one application you have one role at a place. When it is approved:</p>
          <ul class="usa-list">
            {ending.map(({ place, role, ends }) => (
              <li>
                at {place}, you get the role {role}, and {endingInWords(ends)} ends
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {forbidden.length > 0 && (
        <Alert kind="error" heading="This cannot be given">
          <Meetings met={forbidden} />
          <p>Go back and ask for something else, or give up what you have first.</p>
        </Alert>
      )}
      {warned.length > 0 && (
        <Alert kind="warning" heading="Two duties that should not meet in one hand">
          <Meetings met={warned} />
          <p>You can still send it. Whoever decides sees this too.</p>
        </Alert>
      )}
    </>
  );
};

/** "your role SER LASID (LASID Writer)" */
const endingInWords = (ends: EndingRole[]): string =>
  `your role ${[...new Set(ends.map(({ role }) => role.name))].join(', ')} (${ends.map(({ permission }) => permission.name).join(', ')})`;

const Meetings = ({ met }: { met: { warning: DutyWarning; place: string }[] }): VNode => (
  <ul class="usa-list">
    {met.map(({ warning, place }) => (
      <li>{meetingInWords(warning, place, 'you have')}</li>
    ))}
  </ul>
);

/** One meeting of two duties. @param holds "you have", "the person has" */
export const meetingInWords = (
  { because, permission, meets, held, at }: DutyWarning,
  place: string,
  holds: string,
): string =>
  `${permission.name} at ${place} meets ${meets.name} at ${at}, which ${holds}${held ? '' : ' asked for too'}. ${because}`;
