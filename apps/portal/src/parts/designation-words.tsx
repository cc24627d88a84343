import type { VNode } from 'preact';
import type { DesignationStatus, DesignationView } from '#coordinators';
import { readableTime } from '#kernel';
import { Facts, PersonName, Tag, TypedText } from '#web';
import { readableDay, readableLastDay } from './days.js';
import { scopeWords } from './scope-words.js';
import { Timeline } from './timeline.js';

const states: Record<DesignationStatus, [tone: 'good' | 'bad' | 'waiting' | 'quiet', words: string]> = {
  proposed: ['waiting', 'Waits for the state office to approve'],
  approved: ['waiting', 'Waits for the person to ask for access'],
  asked: ['waiting', 'Waits for the state office to grant'],
  granted: ['good', 'Granted'],
  refused: ['bad', 'Refused'],
  withdrawn: ['quiet', 'Taken back'],
};

/** Where a designation stands, and so who is next. */
export const DesignationTag = ({ status }: { status: DesignationStatus }): VNode => (
  <Tag tone={states[status][0]}>{states[status][1]}</Tag>
);

const steps: Record<DesignationStatus, string> = {
  proposed: 'designated',
  approved: 'approved it',
  asked: 'signed the statement and asked for access',
  granted: 'granted access',
  refused: 'refused it',
  withdrawn: 'took it back',
};

/** Everything the form says. */
export const DesignationFacts = ({ designation: one }: { designation: DesignationView }): VNode => (
  <Facts
    facts={[
      [
        'Person',
        <>
          <PersonName>{one.person.name}</PersonName>, Staff ID {one.person.staffId}
        </>,
      ],
      ['School system', `${one.system.name} (${one.system.code})`],
      [
        'Decides for',
        <>
          {scopeWords({ reach: one.reach, sites: one.siteCount, application: one.application?.name })}
          {one.sites.length > 0 && (
            <ul>
              {one.sites.map(({ code, name }) => (
                <li>
                  {name} ({code})
                </li>
              ))}
            </ul>
          )}
        </>,
      ],
      [
        'From',
        `${readableDay(one.fromDay)}${one.toDay ? ` until ${readableLastDay(one.toDay)}` : ', with no end named'}`,
      ],
      ['Why', <TypedText>{one.reason}</TypedText>],
      ['How it stands', <DesignationTag status={one.status} />],
    ]}
  />
);

/** Each step: who, when, what was said. */
export const DesignationSteps = ({ designation }: { designation: DesignationView }): VNode => (
  <Timeline
    moments={designation.steps.map(({ step, by, at, note }) => ({
      when: readableTime(at),
      what: (
        <>
          <PersonName>{by}</PersonName> {steps[step]}
          {step === 'proposed' && (
            <>
              {' '}
              <PersonName>{designation.person.name}</PersonName>
            </>
          )}
        </>
      ),
      about: note && <TypedText>{note}</TypedText>,
    }))}
  />
);
