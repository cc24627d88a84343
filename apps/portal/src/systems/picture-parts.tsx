import type { VNode } from 'preact';
import type { CoordinatorView, FoundCoordinator, PictureSite, PlaceDeciders } from '#oversight';
import { PersonName, Tag } from '#web';
import { CoordinatorLink } from '../parts/coordinator-link.js';
import { readableDay, readableLastDay } from '../parts/days.js';
import { HindranceTag } from '../parts/hindrance-tag.js';
import { mainAnswer, sharedAnswer, type Tier, tiers } from './picture-tiers.js';

/** What a tier is called, and the one line below its name. */
const tierWords: Record<Tier, { name: string; short: string }> = {
  site: { name: 'With a coordinator of their own', short: 'with their own' },
  group: { name: 'In a group', short: 'in a group' },
  system: { name: 'Decided by the school system', short: 'by the school system' },
  state: { name: 'Decided by the state office', short: 'by the state office' },
};

/** How many sites each tier holds, as a bar and in words; the bar says nothing the words do not. */
export function TierBar({ counts }: { counts: Record<Tier, number> }): VNode {
  const total = tiers.reduce((sum, tier) => sum + counts[tier], 0);
  let at = 0;
  return (
    <div class="edlink-tiers">
      <svg viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {tiers.map((tier) => {
          const width = total ? (counts[tier] / total) * 1000 : 0;
          const x = at;
          at += width;
          return width > 0 && <rect class={`edlink-tier-${tier}`} x={x} y="0" width={width} height="24" />;
        })}
      </svg>
      <ul>
        {tiers
          .filter((tier) => counts[tier] > 0)
          .map((tier) => (
            <li class={`edlink-key edlink-key--${tier}`}>
              <strong>{counts[tier]}</strong> {tierWords[tier].short}
            </li>
          ))}
      </ul>
    </div>
  );
}

/** A tier of the picture: its name, who decides in all of it where that is one answer, and its sites. */
export function SiteTier({ tier, sites, whole, link }: SiteTierProps): VNode {
  const shared = sharedAnswer(sites);
  const told = tier === 'system' ? whole.filter(({ stateDesk }) => !stateDesk) : shared ? [shared] : [];
  return (
    <section aria-labelledby={`tier-${tier}`}>
      <h3 id={`tier-${tier}`} class={`edlink-key edlink-key--${tier}`}>
        {tierWords[tier].name}
      </h3>
      {told.map((answer) => (
        <p class="edlink-told">
          <Applications answer={answer} />
          <Deciders answer={answer} />
        </p>
      ))}
      <ul class="edlink-sites">
        {sites.map((site) => (
          <SiteTile site={site} tier={tier} shared={!!shared} whole={whole} link={link} />
        ))}
      </ul>
    </section>
  );
}

interface SiteTierProps {
  tier: Tier;
  sites: PictureSite[];
  /** Who decides for the whole school system. */
  whole: PlaceDeciders[];
  link: boolean;
}

/** A coordinator as a card: who, for what, since when. */
export const CoordinatorCard = ({ one, link }: { one: CoordinatorView; link: boolean }): VNode => (
  <li class={`edlink-person${one.hindrance ? ' edlink-person--away' : ''}`}>
    <strong>{link ? <CoordinatorLink one={one} /> : <PersonName>{one.name}</PersonName>}</strong>
    {one.application && <Tag tone="quiet">{one.application} only</Tag>}
    <HindranceTag hindrance={one.hindrance} />
    <span class="edlink-quiet">
      since {readableDay(one.sinceDay)}
      {one.untilDay && `, until ${readableLastDay(one.untilDay)}`}
    </span>
  </li>
);

/** The people of one answer; who stands in says for whom. */
export function Deciders({ answer }: { answer: PlaceDeciders }): VNode {
  if (!answer.deciders.length) return <>The state office</>;
  return (
    <>
      {answer.deciders.map((one, index) => (
        <>
          {index > 0 && ', '}
          <PersonName>{one.name}</PersonName>
          {standsInFor(one)}
        </>
      ))}
      {answer.stateDesk && ' at the state office'}
    </>
  );
}

const standsInFor = ({ coversFor, untilDay }: FoundCoordinator): VNode | null =>
  coversFor === undefined ? null : (
    <span class="edlink-quiet">
      {' '}
      (for <PersonName>{coversFor}</PersonName>
      {untilDay && ` until ${readableLastDay(untilDay)}`})
    </span>
  );

/** For which applications, where others have another answer. */
const Applications = ({ answer: { applications } }: { answer: PlaceDeciders }): VNode | null =>
  applications ? <span class="edlink-quiet">{applications.join(', ')}: </span> : null;

/** The people of the whole school system are named once, not with each site; those of another one are named. */
function isFromTheTop(answer: PlaceDeciders, whole: PlaceDeciders[]): boolean {
  const people = ({ deciders }: PlaceDeciders): string =>
    JSON.stringify(deciders.map(({ staffMemberId, coversFor }) => [staffMemberId, coversFor]));
  return !answer.stateDesk && whole.some((one) => !one.stateDesk && people(one) === people(answer));
}

interface SiteTileProps {
  site: PictureSite;
  tier: Tier;
  /** Who decides is told for all sites of the tier already. */
  shared: boolean;
  /** Who decides for the whole school system. */
  whole: PlaceDeciders[];
  /** Lead to what can be changed. */
  link: boolean;
}

/** A site as a tile: what it is, who decides there, and where an application goes another way. */
function SiteTile({ site, tier, shared, whole, link }: SiteTileProps): VNode {
  const main = mainAnswer(site);
  const told = site.deciders.filter((answer) => !(shared && answer === main) && !isFromTheTop(answer, whole));
  const { code, name } = site.site;
  return (
    <li class={`edlink-site edlink-site--${tier}`}>
      <strong>{link ? <a href={`/state/places/site/${encodeURIComponent(code)}`}>{name}</a> : name}</strong>
      <span class="edlink-quiet">
        {code} · {site.kind}
        {site.served && !site.owned && site.owner && ` · belongs to ${site.owner.name}`}
      </span>
      {told.map((answer) => (
        <span>
          <Applications answer={answer} />
          <Deciders answer={answer} />
        </span>
      ))}
    </li>
  );
}
