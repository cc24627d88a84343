import type { VNode } from 'preact';
import type { AccessFilter, AccessListPage, AccessRow, FoundPerson } from '#compliance';
import { readableDate } from '#kernel';
import { Empty, Page, type PageFrame, PersonName, Tag } from '#web';

interface PeopleProps {
  frame: PageFrame;
  filter: AccessFilter;
  /** Not the first page. */
  begun: boolean;
  page: AccessListPage;
  /** People who fit what was typed, also without access. */
  found: FoundPerson[];
  applications: { code: string; name: string }[];
}

/** Who has access where the reader decides, to narrow down, to open and to take along as a file. */
export const PeoplePage = (props: PeopleProps): VNode => {
  const { frame, filter, begun, page, found } = props;
  return (
    <Page frame={frame} title="People with access">
      <p>Everybody who has access where you decide. Open a person to see employments, requests and what ended.</p>
      <Filter {...props} />
      {found.length > 0 && <Found found={found} />}
      {found.length > 0 && <h2>Access</h2>}
      {page.rows.length === 0 ? (
        <Empty>
          <p>{isNarrowed(filter) ? 'Nobody has access that fits. Narrow it less.' : 'Nobody has access here yet.'}</p>
        </Empty>
      ) : (
        <AccessTable rows={page.rows} />
      )}
      {(begun || page.next) && (
        <nav class="edlink-pager" aria-label="People, pages">
          {begun && <a href={address('/people', filter)}>First page</a>}
          {page.next && (
            <a href={address('/people', filter, page.next)} rel="next">
              Next
            </a>
          )}
        </nav>
      )}
      {page.rows.length > 0 && (
        <p>
          <a href={address('/people/access.csv', filter)}>Take this list as a file (CSV)</a>
        </p>
      )}
    </Page>
  );
};

const isNarrowed = (filter: AccessFilter): boolean => Object.values(filter).some(Boolean);

function address(path: string, { text, application, siteCode }: AccessFilter, after?: string): string {
  const parts = { q: text, application, site: siteCode, after };
  const query = new URLSearchParams(Object.entries(parts).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size ? `${path}?${query}` : path;
}

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

const AccessTable = ({ rows }: { rows: AccessRow[] }): VNode => (
  <table class="usa-table usa-table--borderless usa-table--stacked">
    <caption class="usa-sr-only">People and what they may do</caption>
    <thead>
      <tr>
        <th scope="col">Person</th>
        <th scope="col">May do</th>
        <th scope="col">Where</th>
        <th scope="col">Since</th>
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
            {row.permission} in {row.application} {row.suspended && <Tag tone="waiting">Rests</Tag>}
          </td>
          <td data-label="Where">
            {row.place} ({row.placeCode})
          </td>
          <td data-label="Since">
            {readableDate(row.fromAt)}
            {row.toAt && <span class="edlink-quiet">, until {readableDate(new Date(row.toAt.getTime() - 1))}</span>}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
