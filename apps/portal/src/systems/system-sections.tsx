import type { VNode } from 'preact';
import { Empty } from '#web';
import { CoverWords } from '../parts/cover-words.js';
import { Pager } from '../parts/pager.js';
import { CoordinatorCard, SiteTier, TierBar } from './picture-parts.js';
import { byTier, type Tier, tiers } from './picture-tiers.js';
import type { SystemPageProps } from './system.page.js';

/** Groups with their people, each a box. */
export function SystemGroups({ picture: { groups }, desk }: SystemPageProps): VNode | null {
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
export function SystemSites({ picture: { system, sites, whole }, text, desk }: SystemPageProps): VNode {
  const sorted = byTier(sites.items);
  const counts = Object.fromEntries(tiers.map((tier) => [tier, sorted[tier].length])) as Record<Tier, number>;
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
        <>
          {sites.pages > 1 && <p class="edlink-quiet">Of the {sites.items.length} on this page:</p>}
          <TierBar counts={counts} />
        </>
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
export function SystemAbsences({ picture: { covers } }: SystemPageProps): VNode | null {
  if (!covers.length) return null;
  return (
    <>
      <h2>Away</h2>
      <ul class="usa-list">
        {covers.map((cover) => (
          <li>
            <CoverWords cover={cover} />
          </li>
        ))}
      </ul>
    </>
  );
}
