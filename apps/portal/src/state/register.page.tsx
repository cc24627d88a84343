import type { VNode } from 'preact';
import { readableDate } from '#kernel';
import type { RegisterChangeStatus, RegisterChangeSummary } from '#sites';
import { Empty, Page, type PageFrame, Tag } from '#web';
import { readableDay } from '../parts/days.js';
import { countsInWords } from './register-words.js';
import { StateNav } from './state-nav.js';

interface RegisterListProps {
  frame: PageFrame;
  changes: RegisterChangeSummary[];
  notice?: string;
}

/** Register files that were looked at: what is left to apply comes first. */
export const RegisterListPage = ({ frame, changes, notice }: RegisterListProps): VNode => {
  const open = changes.filter(({ status }) => status === 'previewed' || status === 'waits-for-second');
  const over = changes.filter((one) => !open.includes(one));
  return (
    <Page frame={frame} title="Register" notice={notice}>
      <StateNav frame={frame} />
      {changes.length === 0 ? (
        <Empty>
          <p>
            No register file was read yet. An operator reads one with the command <code>import-sites</code>; what it
            would change then appears here.
          </p>
        </Empty>
      ) : (
        <p>Files that an operator read, with what they would change. Nothing changes before somebody applies it.</p>
      )}
      {open.length > 0 && (
        <>
          <h2>To apply</h2>
          <Changes changes={open} />
        </>
      )}
      {over.length > 0 && (
        <>
          <h2>Settled</h2>
          <Changes changes={over} />
        </>
      )}
    </Page>
  );
};

const Changes = ({ changes }: { changes: RegisterChangeSummary[] }): VNode => (
  <ul class="edlink-list">
    {changes.map((one) => (
      <li>
        <p>
          <a href={`/state/register/${one.id}`}>{one.fileName}</a> <RegisterStatusTag change={one} />
        </p>
        <p>
          {one.status === 'applied'
            ? `${one.appliedRows.toLocaleString('en-US')} places changed`
            : countsInWords(one.counts)}
        </p>
        <p class="edlink-quiet">
          {one.source.name}, for {readableDay(one.effectiveDay)}, read {readableDate(one.madeAt)}
        </p>
      </li>
    ))}
  </ul>
);

const tags: Record<RegisterChangeStatus, [tone: 'good' | 'waiting' | 'quiet', words: string]> = {
  previewed: ['waiting', 'Not applied'],
  'waits-for-second': ['waiting', 'Waits for a second person'],
  applied: ['good', 'Applied'],
  dropped: ['quiet', 'Dropped'],
};

/** Where a register file stands. */
export function RegisterStatusTag({
  change,
}: {
  change: Pick<RegisterChangeSummary, 'status' | 'appliedRows'>;
}): VNode {
  const [tone, words] = tags[change.status];
  return <Tag tone={tone}>{change.status === 'previewed' && change.appliedRows > 0 ? 'Partly applied' : words}</Tag>;
}
