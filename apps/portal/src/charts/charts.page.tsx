import type { VNode } from 'preact';
import type { AgeFigure, DecisionFigures, TimeFigure } from '#requests';
import { Empty, Page, type PageFrame } from '#web';
import { readableDay } from '../parts/days.js';
import { isOffice, StateNav } from '../state/state-nav.js';
import { Bars } from './bars.js';
import { Weeks } from './weeks.js';

/** How long requests wait, how many are decided and how fast, to look at. */
export function ChartsPage({ frame, figures }: { frame: PageFrame; figures: DecisionFigures }): VNode {
  const { everywhere, ages, weeks, all, systems, sinceDay } = figures;
  const open = ages.reduce((sum, one) => sum + one.open, 0);
  return (
    <Page frame={frame} title="How requests go">
      {isOffice(frame) && <StateNav frame={frame} />}
      <p>{everywhere ? 'Of the whole state.' : 'Of all you decide for, whoever decided it.'}</p>
      <h2>What waits, by how long ago it was sent</h2>
      {open === 0 ? (
        <Empty>
          <p>Nothing waits.</p>
        </Empty>
      ) : (
        <Bars
          caption={`${counted(open, 'open request')}`}
          heads={['Sent', 'Requests']}
          rows={ages.map((one) => ({
            name: ageWords(one),
            figures: [one.open],
            words: [one.open.toLocaleString('en-US')],
          }))}
        />
      )}
      <h2>Permissions decided each week</h2>
      {all.decided === 0 ? (
        <Empty>
          <p>Nothing was decided since {readableDay(sinceDay)}.</p>
        </Empty>
      ) : (
        <>
          <Weeks weeks={weeks} />
          <h2>Time to a decision</h2>
          <p>
            Of {counted(all.decided, 'permission')} decided since {readableDay(sinceDay)}, half were decided within{' '}
            <strong>{timeWords(all.half)}</strong> and nine in ten within <strong>{timeWords(all.most)}</strong>.
            Weekends and holidays are counted too.
          </p>
          <Bars
            caption={systems.length < 15 ? 'By school system' : 'The school systems where it takes longest'}
            heads={['School system', 'Half within', 'Nine in ten within', 'Decided']}
            rows={systems.map(timeRow)}
          />
        </>
      )}
    </Page>
  );
}

const timeRow = ({ name, half, most, decided }: TimeFigure) => ({
  name,
  figures: [half, most],
  words: [timeWords(half), timeWords(most), decided.toLocaleString('en-US')],
});

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

const ageWords = ({ fromDays, toDays }: AgeFigure): string =>
  toDays === undefined
    ? `More than ${fromDays - 1} days ago`
    : fromDays === 0
      ? `In the last ${toDays + 1} days`
      : `${fromDays} to ${toDays} days ago`;

/** A length of time. @param days with parts of days */
function timeWords(days: number): string {
  const hours = Math.round(days * 24);
  if (hours < 1) return 'less than an hour';
  if (hours < 24) return hours === 1 ? 'an hour' : `${hours} hours`;
  const told = days < 10 ? Math.round(days * 10) / 10 : Math.round(days);
  return told === 1 ? 'a day' : `${told} days`;
}
