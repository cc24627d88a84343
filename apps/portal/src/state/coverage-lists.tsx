import type { ComponentChildren, VNode } from 'preact';
import { readableDate } from '#kernel';
import type { ApplicationGap, CoordinatorView, NamedPlace, SingleSystem, UnservedSite, VacantSystem } from '#oversight';
import { PersonName, Tag } from '#web';
import { CoordinatorLink } from '../parts/coordinator-link.js';
import { CoverWords } from '../parts/cover-words.js';
import { readableDay, readableLastDay } from '../parts/days.js';
import { HindranceTag } from '../parts/hindrance-tag.js';
import { scopeWords } from '../parts/scope-words.js';

/** A table that stacks on a phone; `rows` hold one cell for each head, the first names the row. */
const Table = ({ label, heads, rows }: { label: string; heads: string[]; rows: ComponentChildren[][] }): VNode => (
  <div class="edlink-scroll" tabIndex={0} role="region" aria-label={label}>
    <table class="usa-table usa-table--borderless usa-table--stacked">
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...others]) => (
          <tr>
            <th scope="row" data-label={heads[0]}>
              {first}
            </th>
            {others.map((cell, index) => (
              <td data-label={heads[index + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const SystemLink = ({ system: { code, name } }: { system: NamedPlace }): VNode => (
  <>
    <a href={`/systems/${encodeURIComponent(code)}`}>{name}</a> <span class="edlink-quiet">{code}</span>
  </>
);

/** Systems nobody decides for, with whom to ask for a coordinator. */
export const Vacant = ({ systems }: { systems: VacantSystem[] }): VNode => (
  <Table
    label="School systems without a coordinator"
    heads={['School system', 'Since', 'Head', 'What is known']}
    rows={systems.map(({ system, sinceDay, heads, takenOver, hindered }) => [
      <SystemLink system={system} />,
      sinceDay ? readableDay(sinceDay) : 'There never was one',
      heads.length ? (
        heads.map(({ name, title }) => (
          <div>
            <PersonName>{name}</PersonName>, {title}
          </div>
        ))
      ) : (
        <span class="edlink-quiet">No head on record</span>
      ),
      <>
        {takenOver && (
          <div>
            <Tag tone="waiting">The state stands in</Tag>
          </div>
        )}
        {hindered.map(({ name, hindrance }) => (
          <div>
            <PersonName>{name}</PersonName> <HindranceTag hindrance={hindrance} />
          </div>
        ))}
        {!takenOver && !hindered.length && <span class="edlink-quiet">Nobody is named</span>}
      </>,
    ])}
  />
);

/** Systems that hang on one person. */
export const Singles = ({ systems }: { systems: SingleSystem[] }): VNode => (
  <Table
    label="School systems with only one coordinator"
    heads={['School system', 'The one coordinator', 'Away', 'Since', 'Waiting']}
    rows={systems.map(({ system, coordinator, covers }) => [
      <SystemLink system={system} />,
      <CoordinatorLink one={coordinator} />,
      covers.length ? (
        covers.map((cover) => (
          <div>
            <CoverWords cover={cover} />
          </div>
        ))
      ) : (
        <span class="edlink-quiet">Nobody is named to stand in</span>
      ),
      readableDay(coordinator.sinceDay),
      <LoadOf one={coordinator} />,
    ])}
  />
);

/** Applications only the state can decide. */
export const Gaps = ({ gaps }: { gaps: ApplicationGap[] }): VNode => (
  <Table
    label="Applications only the state decides"
    heads={['School system', 'Applications']}
    rows={gaps.map(({ system, applications }) => [<SystemLink system={system} />, applications.join(', ')])}
  />
);

/** Sites to which no serving system is known. */
export const Unserved = ({ sites }: { sites: UnservedSite[] }): VNode => (
  <Table
    label="Sites no school system serves"
    heads={['Site', 'Kind', 'Belongs to']}
    rows={sites.map(({ site, kind, owner }) => [
      <>
        <a href={`/state/places/site/${encodeURIComponent(site.code)}`}>{site.name}</a>{' '}
        <span class="edlink-quiet">{site.code}</span>
      </>,
      kind,
      `${owner.name} (${owner.code})`,
    ])}
  />
);

/** Assignments with since when and what waits. */
export const CoordinatorTable = ({ coordinators }: { coordinators: CoordinatorView[] }): VNode => (
  <Table
    label="Coordinators"
    heads={['Coordinator', 'School system', 'Decides for', 'Since', 'Waiting']}
    rows={coordinators.map((one) => [
      <>
        <CoordinatorLink one={one} /> <HindranceTag hindrance={one.hindrance} />
      </>,
      one.system ? <SystemLink system={one.system} /> : 'State office',
      scopeWords(one),
      <>
        {readableDay(one.sinceDay)}
        {one.untilDay && <div class="edlink-quiet">until {readableLastDay(one.untilDay)}</div>}
      </>,
      <LoadOf one={one} />,
    ])}
  />
);

/** What waits for a coordinator, and since when. */
const LoadOf = ({ one: { open, oldest } }: { one: CoordinatorView }): VNode =>
  open === 0 ? (
    <span class="edlink-quiet">Nothing</span>
  ) : (
    <>
      {open} {open === 1 ? 'request' : 'requests'}
      {oldest && <div class="edlink-quiet">since {readableDate(oldest)}</div>}
    </>
  );
