import type { VNode } from 'preact';
import { type FieldFault, type Problem, readableDate } from '#kernel';
import type { DisagreementView } from '#sites';
import { Choices, Empty, Facts, Page, type PageFrame, TextField, Token } from '#web';
import { readableDay } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { StateNav } from './state-nav.js';

interface DisagreementsProps {
  frame: PageFrame;
  disagreements: DisagreementView[];
  /** Those that are settled, in place of those that wait. */
  settled: boolean;
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** Where a source says otherwise than the register; the state office says who is right. */
export const DisagreementsPage = (props: DisagreementsProps): VNode => {
  const { frame, disagreements, settled, notice, problem, faults, typed } = props;
  return (
    <Page
      frame={frame}
      title={settled ? 'Disagreements that are settled' : 'Disagreements'}
      notice={notice}
      faults={faults?.map((fault) => ({ ...fault, field: `${fault.field}-${String(typed?.id)}` }))}
    >
      <StateNav frame={frame} />
      {problem && <ProblemAlert problem={problem} />}
      <p>
        Sources that say otherwise than the register, in something they do not decide. The register holds until you say
        otherwise. <OtherList settled={settled} />
      </p>
      {disagreements.length === 0 ? (
        <Empty>
          <p>{settled ? 'None was settled yet.' : 'All sources agree with the register.'}</p>
        </Empty>
      ) : (
        <>
          <p role="status">
            {disagreements.length} {disagreements.length === 1 ? 'place' : 'places'}
          </p>
          <ul class="edlink-list">
            {disagreements.map((one) => (
              <li>
                <Disagreement {...props} one={one} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Page>
  );
};

const OtherList = ({ settled }: { settled: boolean }): VNode =>
  settled ? (
    <a href="/state/disagreements">Show those that wait</a>
  ) : (
    <a href="/state/disagreements?settled=yes">Show those that are settled</a>
  );

const fieldWords: Record<DisagreementView['field'], string> = {
  parent: 'Belongs to',
  name: 'Name',
  kind: 'Kind',
  'federal-code': 'Federal code',
  serving: 'Served by',
  opening: 'Open or closed',
};

const valueOf = (value?: string, label?: string): string =>
  value === undefined ? 'Nothing' : label ? `${label} (${value})` : value;

function Disagreement({ one, settled, ...props }: DisagreementsProps & { one: DisagreementView }): VNode {
  return (
    <>
      <p>
        <a href={`/state/places/${one.level}/${encodeURIComponent(one.code)}`}>{one.name}</a>{' '}
        <span class="edlink-quiet">{one.code}</span>
      </p>
      <Facts
        facts={[
          [`${fieldWords[one.field]}, in the register`, valueOf(one.registerValue, one.registerLabel)],
          [`In ${one.source.name}`, valueOf(one.sourceValue, one.sourceLabel)],
          ['Seen', `${readableDay(one.firstSeen)} to ${readableDay(one.lastSeen)}`],
          ...(one.settled ? ([['Settled', settledWords(one.settled)]] as [string, string][]) : []),
        ]}
      />
      {!settled && <Settle {...props} one={one} />}
    </>
  );
}

function settledWords({ at, outcome, note }: NonNullable<DisagreementView['settled']>): string {
  const words = {
    register: 'the register holds',
    source: 'the source was right',
    agreed: 'the source says the same by now',
  };
  return `${readableDate(at)}: ${words[outcome]}${note ? `. ${note}` : ''}`;
}

type SettleProps = Pick<DisagreementsProps, 'frame' | 'faults' | 'typed'> & { one: DisagreementView };

function Settle({ frame, faults, typed, one }: SettleProps): VNode {
  const mine = typed?.id === one.id ? { faults, typed } : {};
  const idSuffix = `-${one.id}`;
  return (
    <details class="edlink-more" open={mine.typed !== undefined}>
      <summary>
        Settle it<span class="usa-sr-only">, {one.name}</span>
      </summary>
      <form method="post" action="/state/disagreements" novalidate>
        <Token frame={frame} />
        <input type="hidden" name="id" value={one.id} />
        <Choices
          name="outcome"
          idSuffix={idSuffix}
          type="radio"
          legend="Who is right?"
          choices={[
            { value: 'register', label: 'The register', about: 'Nothing changes. The source may say it again.' },
            { value: 'source', label: one.source.name, about: 'The place changes from the day below on.' },
          ]}
          chosen={[String(mine.typed?.outcome ?? '')]}
          faults={mine.faults}
        />
        <TextField
          {...mine}
          name="effectiveDay"
          idSuffix={idSuffix}
          label="From, when the source is right"
          hint="Leave it empty for today."
          type="date"
          required={false}
        />
        <TextField {...mine} name="note" idSuffix={idSuffix} label="How you know" rows={2} required={false} />
        <div class="edlink-actions">
          <button class="usa-button" type="submit">
            Settle it
          </button>
        </div>
      </form>
    </details>
  );
}
