import type { VNode } from 'preact';
import type { PictureSite } from '#oversight';
import { Deciders } from '../systems/picture-parts.js';

/** Sites, who decides at each, and how many requests wait there for the reader. */
export const MySitesTable = ({ sites, waiting }: { sites: PictureSite[]; waiting: Map<string, number> }): VNode => (
  <div class="edlink-scroll" tabIndex={0} role="region" aria-label="My sites">
    <table class="usa-table usa-table--borderless usa-table--stacked">
      <thead>
        <tr>
          <th scope="col">Site</th>
          <th scope="col">Who decides</th>
          <th scope="col">Waiting for you</th>
        </tr>
      </thead>
      <tbody>
        {sites.map(({ site, kind, owned, owner, deciders }) => (
          <tr>
            <th scope="row" data-label="Site">
              {site.name}
              <br />
              <span class="edlink-quiet">
                {kind} · {site.code}
                {!owned && owner && `, owned by ${owner.name}`}
              </span>
            </th>
            <td data-label="Who decides">
              <ul class="usa-list usa-list--unstyled">
                {deciders.map((answer) => (
                  <li>
                    {answer.applications && <span class="edlink-quiet">{answer.applications.join(', ')}: </span>}
                    <Deciders answer={answer} />
                  </li>
                ))}
              </ul>
            </td>
            <td data-label="Waiting for you">
              <Waiting count={waiting.get(site.code)} site={site} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Waiting = ({ count, site }: { count?: number; site: PictureSite['site'] }): VNode =>
  count ? (
    <a href={`/review?site=${site.code}`}>
      {count === 1 ? 'One request' : `${count} requests`}
      <span class="usa-sr-only"> at {site.name}</span>
    </a>
  ) : (
    <span class="edlink-quiet">Nothing</span>
  );
