import type { VNode } from 'preact';
import type { CoordinatorView, SystemPicture } from '#oversight';
import { Empty, Page, type PageFrame, PersonName } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';
import { HindranceTag } from '../parts/hindrance-tag.js';
import { Pager } from '../parts/pager.js';
import { scopeWords } from '../parts/scope-words.js';
import { MyScopeCard, StatementState } from './my-scope-card.js';
import type { MyScope } from './my-scopes.js';
import { MySitesTable } from './my-sites-table.js';

interface MySitesProps {
  frame: PageFrame;
  /** Staff member who looks. */
  reader?: string;
  scopes: MyScope[];
  /** First day what was signed no longer holds; absent when nothing is in force. */
  signedUntil?: string;
  /** School systems one decides in; several: one is shown at a time. */
  systems: { code: string; name: string }[];
  /** The system shown, narrowed to one's own sites; absent at the state office. */
  picture?: SystemPicture;
  /** How many requests wait for the reader, by site code. */
  waiting: Map<string, number>;
  /** Requests for a system as a whole that wait, by system code. */
  waitingWhole: Map<string, number>;
  text?: string;
  notice?: string;
}

/** A coordinator's sites on one screen: who decides at each, what waits there, and who else decides. */
export const MySitesPage = (props: MySitesProps): VNode => {
  const { frame, scopes, signedUntil, systems, picture, notice } = props;
  return (
    <Page frame={frame} title="My sites" notice={notice}>
      <StatementState until={signedUntil} />
      <h2>What you decide for</h2>
      <ul class="edlink-list">
        {scopes.map((scope) => (
          <MyScopeCard scope={scope} untilDay={picture?.coordinators.find(isOf(scope))?.untilDay} />
        ))}
      </ul>
      <p>
        <a href="/cover">See who covers for you, and for whom you cover</a>
      </p>
      <p>
        <a href="/charts">See how requests go here: what waits, what is decided, and how fast</a>
      </p>
      {systems.length > 1 && (
        <nav aria-label="School systems" class="edlink-subnav">
          <ul>
            {systems.map(({ code, name }) => (
              <li>
                <a href={`/my-sites?system=${code}`} aria-current={code === picture?.system.code ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {picture && <System {...props} picture={picture} />}
    </Page>
  );
};

function System({ picture, waiting, waitingWhole, text, reader }: MySitesProps & { picture: SystemPicture }): VNode {
  const { system, heads, sites, covers } = picture;
  const others = picture.coordinators.filter(({ staffMemberId }) => staffMemberId !== reader);
  const whole = waitingWhole.get(system.code) ?? 0;
  return (
    <>
      <h2>Sites in {system.name}</h2>
      <p>
        <a href={`/systems/${system.code}`}>See all of {system.name} at a glance</a>
        {whole > 0 && (
          <>
            {' · '}
            <a href="/review">{whole === 1 ? 'One request' : `${whole} requests`} for the whole system</a> waiting
          </>
        )}
      </p>
      {(sites.pages > 1 || text) && <Search system={system.code} text={text} />}
      {sites.total === 0 ? (
        <Empty>
          <p>
            {text ? 'No site of yours fits. Try another word of its name, or its code.' : 'No open site here today.'}
          </p>
        </Empty>
      ) : (
        <MySitesTable sites={sites.items} waiting={waiting} />
      )}
      <Pager
        list={sites}
        what="Sites"
        href={(page) =>
          `/my-sites?${new URLSearchParams({ system: system.code, ...(text && { q: text }), page: String(page) })}`
        }
      />
      <h2>Who else decides here</h2>
      {others.length === 0 ? (
        <Empty>
          <p>Nobody. While you are away, the state office decides, unless you name a cover.</p>
        </Empty>
      ) : (
        <ul class="edlink-list">
          {others.map((one) => (
            <Other one={one} />
          ))}
        </ul>
      )}
      {covers.map((cover) => (
        <p>
          <PersonName>{cover.name}</PersonName> stands in for <PersonName>{cover.coversFor}</PersonName> from{' '}
          {readableDay(cover.fromDay)} to {readableLastDay(cover.toDay)}.
        </p>
      ))}
      {heads.map(({ name, title }) => (
        <p>
          {title}: <PersonName>{name}</PersonName>, who designates coordinators here.
        </p>
      ))}
    </>
  );
}

const isOf =
  ({ id }: MyScope) =>
  ({ coordinatorId }: CoordinatorView): boolean =>
    coordinatorId === id;

const Search = ({ system, text }: { system: string; text?: string }): VNode => (
  <form class="edlink-filter" method="get" action="/my-sites" role="search" aria-label="My sites">
    <input type="hidden" name="system" value={system} />
    <div class="usa-form-group">
      <label class="usa-label" for="q">
        Name or code of a site
      </label>
      <input class="usa-input" id="q" name="q" type="search" autocomplete="off" maxLength={100} value={text} />
    </div>
    <button class="usa-button" type="submit">
      Filter
    </button>
  </form>
);

const Other = ({ one }: { one: CoordinatorView }): VNode => (
  <li>
    <p>
      <strong>
        <PersonName>{one.name}</PersonName>
      </strong>{' '}
      <HindranceTag hindrance={one.hindrance} />
      <br />
      Decides for {scopeWords(one)}
      {one.untilDay && `, until ${readableLastDay(one.untilDay)}`}
      <br />
      <span class="edlink-quiet">Coordinator since {readableDay(one.sinceDay)}</span>
    </p>
  </li>
);
