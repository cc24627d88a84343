import type { VNode } from 'preact';
import type { WeekFigure } from '#requests';
import { readableDay } from '../parts/days.js';

const width = 340;
const height = 150;
const left = 34;
const bottom = 24;
const top = 10;

/** Permissions decided week by week, as columns, with the same in a table. */
export function Weeks({ weeks }: { weeks: WeekFigure[] }): VNode {
  const steps = stepsTo(Math.max(...weeks.map(({ approved, rejected }) => approved + rejected), 1));
  const high = (count: number): number => ((height - bottom - top) * count) / steps.at(-1)!;
  const wide = (width - left) / weeks.length;
  const labelAt = (at: number, count: number): number => (at + 1 === count ? width : left + (at + 0.5) * wide);
  return (
    <figure class="edlink-chart">
      <figcaption>
        <span class="edlink-key edlink-key--0">Approved</span>{' '}
        <span class="edlink-key edlink-key--1">Not approved</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label="Permissions decided each week; the table below says the same."
      >
        {steps.map((count) => (
          <>
            <line
              class="edlink-grid"
              x1={left}
              x2={width}
              y1={height - bottom - high(count)}
              y2={height - bottom - high(count)}
            />
            <text x={left - 5} y={height - bottom - high(count) + 4} text-anchor="end">
              {short(count)}
            </text>
          </>
        ))}
        {weeks.map(({ week, approved, rejected }, at) => {
          const column = { x: (left + at * wide + 3).toFixed(1), width: (wide - 6).toFixed(1) };
          return (
            <>
              <rect class="edlink-bar-0" {...column} y={height - bottom - high(approved)} height={high(approved)} />
              <rect
                class="edlink-bar-1"
                {...column}
                y={height - bottom - high(approved + rejected)}
                height={high(rejected)}
              />
              {at % 4 === 0 && (
                <text
                  x={labelAt(at, weeks.length)}
                  y={height - 7}
                  text-anchor={at + 1 === weeks.length ? 'end' : 'middle'}
                >
                  {monthDay(week)}
                </text>
              )}
            </>
          );
        })}
      </svg>
      <details class="edlink-more">
        <summary>As a table</summary>
        <table class="usa-table usa-table--borderless">
          <caption class="usa-sr-only">Permissions decided each week</caption>
          <thead>
            <tr>
              <th scope="col">Week from</th>
              <th scope="col" class="edlink-figure">
                Approved
              </th>
              <th scope="col" class="edlink-figure">
                Not approved
              </th>
            </tr>
          </thead>
          <tbody>
            {weeks.map(({ week, approved, rejected }) => (
              <tr>
                <th scope="row">{readableDay(week)}</th>
                <td class="edlink-figure">{approved.toLocaleString('en-US')}</td>
                <td class="edlink-figure">{rejected.toLocaleString('en-US')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** Up to four lines at round numbers, the last above all columns. */
function stepsTo(most: number): number[] {
  const size = 10 ** Math.floor(Math.log10(most));
  const step = Math.max(
    1,
    [0.5, 1, 2.5, 5].map((part) => part * size).find((one) => one * 4 >= most)!,
  );
  const whole = Math.ceil(step);
  return Array.from({ length: Math.ceil(most / whole) + 1 }, (_, at) => at * whole);
}

const short = (count: number): string =>
  count >= 10_000 ? `${Math.round(count / 1000)}k` : count.toLocaleString('en-US');

const monthDay = (day: string): string =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
