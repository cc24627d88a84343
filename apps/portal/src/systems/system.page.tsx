import type { VNode } from 'preact';
import { readableDate } from '#kernel';
import type { SystemPicture } from '#oversight';
import { Alert, Empty, Page, type PageFrame, PersonName, Tag } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';
import { Pager } from '../parts/pager.js';
import { Timeline } from '../parts/timeline.js';
import { CoordinatorCard, Deciders, SiteTier, TierBar } from './picture-parts.js';
import { byTier, tiers } from './picture-tiers.js';

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
        <Groups {...props} />
        <Absences {...props} />
        <Sites {...props} />
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

/** Groups with their people, each a box. */
function Groups({ picture: { groups }, desk }: SystemPageProps): VNode | null {
  if (!groups.length) return null;
  return (
    <div class="edlink-columns">
      {groups.map(({ coordinators, sites }, index) => (
        <section class="edlink-group" aria-labelledby={`group-${index}`}>
          <h3 id={`group-${index}`}>
            Group of {sites.length} {sites.length === 1 ? 'site' : 'sites'}
          </h3>
          <ul class="edlink-people">
            {coordinators.map((one) => (
              <CoordinatorCard one={one} link={desk} />
            ))}
          </ul>
          <p class="edlink-quiet">
            {sites
              .slice(0, 12)
              .map(({ name }) => name)
              .join(', ')}
            {sites.length > 12 && ` and ${sites.length - 12} more`}
          </p>
        </section>
      ))}
    </div>
  );
}

/** All sites of the page under who is nearest. */
function Sites({ picture: { system, sites, whole }, text, desk }: SystemPageProps): VNode {
  const sorted = byTier(sites.items);
  const counts = Object.fromEntries(tiers.map((tier) => [tier, sorted[tier].length])) as Parameters<
    typeof TierBar
  >[0]['counts'];
  const address = `/systems/${encodeURIComponent(system.code)}`;
  const many = sites.pages > 1 || text !== undefined;
  return (
    <>
      <h2 id="sites">
        {sites.total} {sites.total === 1 ? 'site' : 'sites'}
        {text && ` with "${text}"`}
      </h2>
      {many && (
        <form class="edlink-filter" method="get" action={address} role="search" aria-label="Sites">
          <div class="usa-form-group">
            <label class="usa-label" for="q">
              Name or code of a site
            </label>
            <input class="usa-input" id="q" name="q" type="search" autocomplete="off" maxLength={100} value={text} />
          </div>
          <button class="usa-button" type="submit">
            Search
          </button>
        </form>
      )}
      {sites.items.length === 0 ? (
        <Empty>
          <p>
            {text ? (
              <>
                No site fits. <a href={address}>Show all sites</a>
              </>
            ) : (
              'No sites belong to this school system today.'
            )}
          </p>
        </Empty>
      ) : (
        <TierBar counts={counts} />
      )}
      {tiers
        .filter((tier) => sorted[tier].length > 0)
        .map((tier) => (
          <SiteTier tier={tier} sites={sorted[tier]} whole={whole} link={desk} />
        ))}
      <Pager
        list={sites}
        href={(page) => `${address}?${new URLSearchParams({ ...(text && { q: text }), page: String(page) })}#sites`}
        what="Sites"
      />
    </>
  );
}

/** Who stands in for whom. */
function Absences({ picture: { covers } }: SystemPageProps): VNode | null {
  if (!covers.length) return null;
  return (
    <>
      <h2>Away</h2>
      <ul class="usa-list">
        {covers.map((cover) => (
          <li>
            <PersonName>{cover.name}</PersonName> stands in for <PersonName>{cover.coversFor}</PersonName> from{' '}
            {readableDay(cover.fromDay)} until {readableLastDay(cover.toDay)}
            {cover.sites !== undefined && `, for ${cover.sites} ${cover.sites === 1 ? 'site' : 'sites'}`}
            {cover.application && `, ${cover.application} only`}
          </li>
        ))}
      </ul>
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
