import type { VNode } from 'preact';

interface BarsProps {
  caption: string;
  /** Heads of the columns: what a row is, and each figure of it. */
  heads: [row: string, ...figures: string[]];
  rows: BarRow[];
}

/** A row of a chart; the first figure is the strong bar, a second one the light bar behind it. */
export interface BarRow {
  name: string;
  figures: number[];
  /** The figures in words, as many. */
  words: string[];
}

/** A bar chart that is its own table: each row has its bar and its figures, so nobody needs to see the bars. */
export function Bars({ caption, heads, rows }: BarsProps): VNode {
  const most = Math.max(...rows.flatMap(({ figures }) => figures), Number.EPSILON);
  return (
    <table class="usa-table usa-table--borderless edlink-bars">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {heads.map((head, at) => (
            <th scope="col" class={at ? 'edlink-figure' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, figures, words }) => (
          <tr>
            <th scope="row">
              {name}
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                {figures
                  .map((figure, at) => ({ at, width: (100 * figure) / most }))
                  .reverse()
                  .map(({ at, width }) => (
                    <rect class={`edlink-bar-${at}`} x="0" y="0" width={width.toFixed(2)} height="8" />
                  ))}
              </svg>
            </th>
            {words.map((word) => (
              <td class="edlink-figure">{word}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
