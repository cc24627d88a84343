import type { VNode } from 'preact';
import type { SystemHead } from '#coordinators';
import type { FieldFault, Problem } from '#kernel';
import type { PlaceImpact } from '#oversight';
import { type CodeScheme, codeSchemes, kindNames, type PlacedLocation, type PlaceEvent } from '#sites';
import { Facts, Page, type PageFrame, Tag } from '#web';
import { readableDay } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { Timeline } from '../parts/timeline.js';
import { HeadOfSystem } from './head-of-system.js';
import { impactWords } from './impact-words.js';
import { PlaceChangeForms } from './place-change-forms.js';
import type { PlaceChange } from './place-change.form.js';
import { StateNav } from './state-nav.js';

export interface PlacePageProps {
  frame: PageFrame;
  place: PlacedLocation;
  history: PlaceEvent[];
  /** Codes other offices know it by. */
  codes: Partial<Record<CodeScheme, string>>;
  impact: PlaceImpact;
  /** Who heads a school system. */
  head?: SystemHead;
  notice?: string;
  problem?: Problem;
  /** The form the faults and the typed text belong to. */
  form?: PlaceChange | 'head' | 'end-head';
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** The life of a school system or a site, what hangs on it, and what can be changed. */
export const StatePlacePage = (props: PlacePageProps): VNode => {
  const { frame, place, history, codes, impact, notice, problem, faults, form } = props;
  return (
    <Page
      frame={frame}
      title={place.name}
      notice={notice}
      faults={faults?.map((fault) => ({ ...fault, field: `${fault.field}-${form}` }))}
    >
      <StateNav frame={frame} />
      {problem && <ProblemAlert problem={problem} />}
      <Facts
        facts={[
          ['Code', place.code],
          ...otherCodes(place, codes),
          ['Kind', kindNames[place.kind]],
          ...(place.level === 'site' ? belongs(place) : []),
          ['Today', place.open ? <Tag tone="good">Open</Tag> : <Tag tone="quiet">Closed</Tag>],
          ['What hangs on it', impactWords(impact)],
        ]}
      />
      <p class="edlink-links">
        {place.level === 'site' && place.open && (
          <a href={`/find-coordinator?level=site&code=${encodeURIComponent(place.code)}`}>Who decides at this site</a>
        )}
        <a href={`/systems/${encodeURIComponent(place.system.code)}`}>Who decides in {place.system.name}</a>
      </p>
      <h2>What happened to it</h2>
      {history.length === 0 ? (
        <p>Nothing is on record.</p>
      ) : (
        <Timeline
          moments={history.map(({ day, text }) => ({
            when: day ? readableDay(day) : 'Before records began',
            what: text,
          }))}
        />
      )}
      {place.level === 'system' && place.open && <HeadOfSystem {...props} />}
      {place.level === 'site' && place.open && <PlaceChangeForms {...props} />}
    </Page>
  );
};

function otherCodes({ code }: PlacedLocation, codes: PlacePageProps['codes']): [string, string][] {
  const others = (Object.entries(codes) as [CodeScheme, string][]).filter(([, value]) => value !== code);
  return others.length
    ? [['Other codes', others.map(([scheme, value]) => `${value} (${codeSchemes[scheme]})`).join(', ')]]
    : [];
}

const belongs = ({ system, serving }: PlacedLocation): [string, VNode | string][] => [
  ['Belongs to', <SystemLink system={system} />],
  ['Served by', serving ? <SystemLink system={serving} /> : 'Nobody on record'],
];

const SystemLink = ({ system: { code, name } }: { system: PlacedLocation['system'] }): VNode => (
  <a href={`/state/places/system/${encodeURIComponent(code)}`}>
    {name} ({code})
  </a>
);
