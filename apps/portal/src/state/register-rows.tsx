import type { VNode } from 'preact';
import type { PlaceImpact } from '#oversight';
import type { PlaceDeed, RegisterChangeView, RegisterRowChange } from '#sites';
import { Empty, type PageFrame, Select, Token } from '#web';
import { Pager } from '../parts/pager.js';
import { impactWords } from './impact-words.js';
import { deedWords } from './register-words.js';

/** A page of the rows of a plan. */
export interface RowsShown {
  rows: RegisterRowChange[];
  total: number;
  page: number;
  pages: number;
  /** Narrowed to what happens to the place. */
  deed?: PlaceDeed;
}

export interface RegisterRowsProps {
  frame: PageFrame;
  change: RegisterChangeView;
  shown: RowsShown;
  /** By row key. */
  impacts: Map<string, PlaceImpact>;
  /** Rows can be chosen and applied. */
  open: boolean;
}

/** The rows: what happens to each place, what hangs on it, and a box to apply only some. */
export function RegisterRows(props: RegisterRowsProps): VNode {
  const { change, shown } = props;
  const address = `/state/register/${change.id}`;
  return (
    <>
      <h2 id="rows">Row by row</h2>
      <form class="edlink-filter" method="get" action={address} aria-label="Rows">
        <Select
          name="deed"
          label="Show"
          options={[
            { value: '', label: 'Every row' },
            ...Object.entries(deedWords).map(([value, word]) => ({ value, label: `Only ${word}` })),
          ]}
          chosen={shown.deed}
        />
        <button class="usa-button usa-button--outline" type="submit">
          Show
        </button>
      </form>
      <p role="status">
        {shown.total.toLocaleString('en-US')} {shown.total === 1 ? 'row' : 'rows'}
      </p>
      {shown.rows.length === 0 ? (
        <Empty>
          <p>
            {shown.deed ? (
              <>
                Nothing of this kind. <a href={address}>Show every row</a>
              </>
            ) : (
              'Nothing is left to apply.'
            )}
          </p>
        </Empty>
      ) : (
        <Rows {...props} />
      )}
      <Pager
        list={shown}
        href={(page) =>
          `${address}?${new URLSearchParams({ ...(shown.deed && { deed: shown.deed }), page: String(page) })}#rows`
        }
        what="Rows"
      />
    </>
  );
}

const Rows = (props: RegisterRowsProps): VNode => {
  const { frame, change, open } = props;
  if (!open || change.movedOn.length > 0) return <Table {...props} open={false} />;
  return (
    <form method="post" action={`/state/register/${change.id}/apply`} class="edlink-wide">
      <Token frame={frame} />
      <input type="hidden" name="rows" value="chosen" />
      <Table {...props} />
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          See what the chosen rows change
        </button>
      </div>
    </form>
  );
};

const Table = ({ shown, impacts, open }: RegisterRowsProps): VNode => (
  <div class="edlink-scroll" tabIndex={0} role="region" aria-label="Rows of the file">
    <table class="usa-table usa-table--borderless usa-table--stacked">
      <thead>
        <tr>
          <th scope="col">Place</th>
          <th scope="col">What happens</th>
          <th scope="col">What hangs on it</th>
        </tr>
      </thead>
      <tbody>
        {shown.rows.map((row) => (
          <tr>
            <th scope="row" data-label="Place">
              {open ? (
                <div class="usa-checkbox">
                  <input class="usa-checkbox__input" id={row.key} type="checkbox" name="only" value={row.key} />
                  <label class="usa-checkbox__label" for={row.key}>
                    {row.name} <span class="edlink-quiet">{row.code}</span>
                  </label>
                </div>
              ) : (
                <>
                  {row.name} <span class="edlink-quiet">{row.code}</span>
                </>
              )}
            </th>
            <td data-label="What happens">{row.words.join('; ')}</td>
            <td data-label="What hangs on it">
              {impacts.has(row.key) ? impactWords(impacts.get(row.key)!) : 'Nothing yet'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
