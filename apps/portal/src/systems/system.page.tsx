import type { VNode } from 'preact';
import { readableDate } from '#kernel';
import type { SystemPicture } from '#oversight';
import { Alert, Empty, Page, type PageFrame, PersonName, Tag } from '#web';
import { readableDay } from '../parts/days.js';
import { Timeline } from '../parts/timeline.js';
import { StateNav } from '../state/state-nav.js';
import { CoordinatorCard, Deciders } from './picture-parts.js';
import { SystemAbsences, SystemGroups, SystemSites } from './system-sections.js';

export interface SystemPageProps {
  frame: PageFrame;
  picture: SystemPicture;
  /** What happened to its coordinators, oldest first. */
  history: { at: Date; text: string }[];
  /** What the sites were searched for. */
  text?: string;
  /** Whether whoever looks is at the state desk: names lead to what can be changed. */
  desk: boolean;
  /** Whether whoever looks heads the system and so may designate. */
  head: boolean;
}

/** A school system at a glance: who decides for all of it, its groups, and each site under who is nearest. */
export function SystemPage(props: SystemPageProps): VNode {
  const { frame, picture, desk, head } = props;
  const { system, kind, open, takenOver, heads } = picture;
  return (
    <Page frame={frame} title={`Who decides in ${system.name}`}>
      {desk && <StateNav frame={frame} />}
      <p class="edlink-quiet">
        {kind} · {system.code} · {readableDay(picture.day)} {!open && <Tag tone="bad">Closed</Tag>}
      </p>
      {takenOver && (
        <Alert kind="warning">
          <p>This school system has no coordinator of its own now. The state office stands in until one is named.</p>
        </Alert>
      )}
      <section class="edlink-picture" aria-labelledby="whole">
        <div class="edlink-picture__top">
          <h2 id="whole">The whole school system</h2>
          <p class="edlink-quiet">
            {heads.length === 0
              ? 'No head on record'
              : heads.map(({ name, title }, index) => (
                  <>
                    {index > 0 && '; '}
                    {title}: <PersonName>{name}</PersonName>
                  </>
                ))}
          </p>
          <Whole {...props} />
        </div>
        <SystemGroups {...props} />
        <SystemAbsences {...props} />
        <SystemSites {...props} />
      </section>
      <div class="edlink-actions">
        {head && <a href={`/designate?system=${encodeURIComponent(system.code)}`}>Designate a coordinator</a>}
        {desk && <a href={`/state/places/system/${encodeURIComponent(system.code)}`}>History of the school system</a>}
      </div>
      <History {...props} />
    </Page>
  );
}

/** Coordinators of the whole system, and who decides when nobody of them does. */
function Whole({ picture: { coordinators, whole }, desk }: SystemPageProps): VNode {
  const own = coordinators.filter(({ reach }) => reach === 'system');
  const elsewhere = whole.filter(({ stateDesk }) => stateDesk);
  return (
    <>
      {own.length > 0 && (
        <ul class="edlink-people">
          {own.map((one) => (
            <CoordinatorCard one={one} link={desk} />
          ))}
        </ul>
      )}
      {elsewhere.map((answer) => (
        <p>
          <Tag tone="waiting">State office</Tag>{' '}
          {answer.applications ? `${answer.applications.join(', ')}: ` : 'Every request: '}
          <Deciders answer={answer} />
        </p>
      ))}
    </>
  );
}

/** Who was what, and since when. */
const History = ({ history }: SystemPageProps): VNode => (
  <>
    <h2>What happened</h2>
    {history.length === 0 ? (
      <Empty>
        <p>Nothing yet. Designations, coordinators, heads and take-overs by the state are kept here.</p>
      </Empty>
    ) : (
      <Timeline moments={history.map(({ at, text }) => ({ when: readableDate(at), what: text }))} />
    )}
  </>
);
