import type { VNode } from 'preact';
import type { AccessFilter, AccessListPage, AccessRow, FoundPerson } from '#compliance';
import { type FieldFault, type Problem, readableDate } from '#kernel';
import { Empty, Page, type PageFrame, PersonName, Select, Tag, TextField, Token } from '#web';
import { readableLast } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { endsWithin, peopleAddress } from './people-filter.js';

/** The ticks that were sent and could not be done. */
export interface PeopleAnswer {
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

interface PeopleProps extends PeopleAnswer {
  frame: PageFrame;
  filter: AccessFilter;
  /** Where this page begins; absent: the first one. */
  after?: string;
  page: AccessListPage;
  /** People who fit what was typed, also without access. */
  found: FoundPerson[];
  applications: { code: string; name: string }[];
}

/** Who has access where the reader decides, to narrow down, to open and to take along as a file. */
export const PeoplePage = (props: PeopleProps): VNode => {
  const { frame, filter, after, page, found, faults, problem } = props;
  return (
    <Page frame={frame} title="People with access" faults={faults}>
      {problem && <ProblemAlert problem={problem} />}
      <p>Everybody who has access where you decide. Open a person to see employments, requests and what ended.</p>
      <p>
        <a href="/people/as-of">Who had access on an earlier day</a> ·{' '}
        <a href="/proposals">Enter a request for somebody</a>
      </p>
      <Filter {...props} />
      {found.length > 0 && <Found found={found} />}
      {found.length > 0 && <h2>Access</h2>}
      {page.rows.length === 0 ? (
        <Empty>
          <p>{isNarrowed(filter) ? 'Nobody has access that fits. Narrow it less.' : 'Nobody has access here yet.'}</p>
        </Empty>
      ) : (
        <Access {...props} />
      )}
      {(after || page.next) && (
        <nav class="edlink-pager" aria-label="People, pages">
          {after && <a href={peopleAddress('/people', filter)}>First page</a>}
          {page.next && (
            <a href={peopleAddress('/people', filter, page.next)} rel="next">
              Next
            </a>
          )}
        </nav>
      )}
      {page.rows.length > 0 && (
        <p>
          <a href={peopleAddress('/people/access.csv', filter)}>Take this list as a file (CSV)</a>
        </p>
      )}
    </Page>
  );
};

const isNarrowed = (filter: AccessFilter): boolean => Object.values(filter).some(Boolean);

const Filter = ({ filter, applications }: PeopleProps): VNode => (
  <form class="edlink-filter" method="get" action="/people" role="search" aria-label="People with access">
    <div class="usa-form-group">
      <label class="usa-label" for="q">
        Name or Staff ID
      </label>
      <input class="usa-input" id="q" name="q" type="search" autocomplete="off" maxLength={100} value={filter.text} />
    </div>
    <div class="usa-form-group">
      <label class="usa-label" for="application">
        Application
      </label>
      <select class="usa-select" id="application" name="application">
        <option value="">All</option>
        {applications.map(({ code, name }) => (
          <option value={code} selected={code === filter.application}>
            {name}
          </option>
        ))}
      </select>
    </div>
    <div class="usa-form-group">
      <label class="usa-label" for="site">
        Code of a site
      </label>
      <input class="usa-input" id="site" name="site" autocomplete="off" maxLength={30} value={filter.siteCode} />
    </div>
    <Select
      name="ends"
      label="Ends"
      options={[
        { value: '', label: 'Any time, or never' },
        ...endsWithin.map((count) => ({ value: String(count), label: `Within ${count} days` })),
      ]}
      chosen={String(filter.endsWithin ?? '')}
    />
    <button class="usa-button" type="submit">
      Filter
    </button>
  </form>
);

const Found = ({ found }: { found: FoundPerson[] }): VNode => (
  <>
    <h2>People</h2>
    <ul class="edlink-list">
      {found.map(({ staffMemberId, name, staffId, about }) => (
        <li>
          <a href={`/people/${staffMemberId}`}>
            <PersonName>{name}</PersonName>
          </a>
          , {staffId}
          {about && (
            <>
              <br />
              <span class="edlink-quiet">{about}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  </>
);

/** The list; what ends can be ticked and let go on. */
function Access({ frame, filter, after, page: { rows }, faults, typed = {} }: PeopleProps): VNode {
  const ends = rows.some(mayRenew);
  if (!ends) return <AccessTable rows={rows} />;
  const ticked = ([] as unknown[]).concat(typed.grant ?? []);
  return (
    <form class="edlink-wide" method="post" action={peopleAddress('/people/renew', filter, after)} novalidate>
      <Token frame={frame} />
      <div class="usa-checkbox" hidden>
        <input class="usa-checkbox__input" id="tick-all" type="checkbox" data-tick-all="grant" />
        <label class="usa-checkbox__label" for="tick-all">
          Tick everything on this page that ends
        </label>
      </div>
      <AccessTable rows={rows} ticked={ticked} />
      <h2>Let what is ticked go on</h2>
      <TextField
        name="lastDay"
        label="Last day"
        hint="One day for all that is ticked. Each person is told."
        type="date"
        faults={faults}
        typed={typed}
      />
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          Let it go on
        </button>
      </div>
    </form>
  );
}

/** What has an end, and is not the reader's own. */
const mayRenew = ({ toAt, own }: AccessRow): boolean => toAt !== undefined && !own;

const AccessTable = ({ rows, ticked }: { rows: AccessRow[]; ticked?: unknown[] }): VNode => {
  const first = rows.find(mayRenew);
  return (
    <table class="usa-table usa-table--borderless usa-table--stacked">
      <caption class="usa-sr-only">People and what they may do</caption>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">May do</th>
          <th scope="col">Where</th>
          <th scope="col">From</th>
          {ticked && <th scope="col">Ends</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <th scope="row" data-label="Person">
              <a href={`/people/${row.staffMemberId}`}>
                <PersonName>{row.name}</PersonName>
              </a>
              <br />
              <span class="edlink-quiet">{row.staffId}</span>
            </th>
            <td data-label="May do">
              <a href={`/people/${row.staffMemberId}/access/${row.grantId}`}>
                {row.permission} in {row.application}
              </a>{' '}
              {row.suspended && <Tag tone="waiting">Suspended</Tag>}
            </td>
            <td data-label="Where">
              {row.place} ({row.placeCode})
            </td>
            <td data-label="From">{readableDate(row.fromAt)}</td>
            {ticked && (
              <td data-label="Ends">
                <Tick row={row} id={row === first ? 'grant' : row.grantId} ticked={ticked.includes(row.grantId)} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Tick = ({ row, id, ticked }: { row: AccessRow; id: string; ticked: boolean }): VNode => {
  if (!mayRenew(row)) return <>{row.toAt ? `${readableLast(row.toAt)} (your own)` : 'No end set'}</>;
  return (
    <div class="usa-checkbox">
      <input class="usa-checkbox__input" id={id} type="checkbox" name="grant" value={row.grantId} checked={ticked} />
      <label class="usa-checkbox__label" for={id}>
        {readableLast(row.toAt!)}
        <span class="usa-sr-only">
          : {row.permission} of {row.name} at {row.place}
        </span>
      </label>
    </div>
  );
};
