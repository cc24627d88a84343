import type { VNode } from 'preact';
import { type Problem, readableTime } from '#kernel';
import type { FeedHold } from '#staff';
import { Empty, Page, type PageFrame, PersonName, Tag, Token } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';
import { StateNav } from '../state/state-nav.js';

/** A staff file with the people who would leave by it. */
export interface HeldFile extends FeedHold {
  people: { name: string; staffId: string }[];
  /** How many are not listed. */
  more: number;
}

interface StaffFilesProps {
  frame: PageFrame;
  files: HeldFile[];
  notice?: string;
  problem?: Problem;
}

/** Staff files that wait for a second person, and what became of earlier ones. */
export const StaffFilesPage = ({ frame, files, notice, problem }: StaffFilesProps): VNode => (
  <Page frame={frame} title="Staff files" notice={notice}>
    <StateNav frame={frame} />
    {problem && <ProblemAlert problem={problem} />}
    <p>
      A staff file by which more than 50 people, or more than 5 of 100, lose their last employment waits here. Ask the
      school system whether it is meant so: with the employment ends what these people can use and decide.
    </p>
    {files.length === 0 ? (
      <Empty>
        <p>No staff file waits.</p>
      </Empty>
    ) : (
      files.map((file) => <File frame={frame} file={file} />)
    )}
  </Page>
);

const words: Record<FeedHold['status'], string> = {
  waits: 'Waits',
  confirmed: 'Confirmed',
  refused: 'Refused',
  applied: 'Applied',
};

const File = ({ frame, file }: { frame: PageFrame; file: HeldFile }): VNode => (
  <section class="edlink-box" aria-labelledby={`file-${file.id}`}>
    <h2 id={`file-${file.id}`}>
      {file.leavers.length} of {file.covered} people would leave{' '}
      <Tag tone={file.status === 'waits' ? 'waiting' : 'quiet'}>{words[file.status]}</Tag>
    </h2>
    <p class="edlink-quiet">
      Given in {readableTime(file.askedAt)}, fingerprint {file.sha256.slice(0, 16)}
    </p>
    {file.status === 'waits' && (
      <>
        <ul class="usa-list">
          {file.people.map(({ name, staffId }) => (
            <li>
              <PersonName>{name}</PersonName>, {staffId}
            </li>
          ))}
        </ul>
        {file.more > 0 && <p>And {file.more} more.</p>}
        <form method="post" action="/people/staff-files">
          <Token frame={frame} />
          <input type="hidden" name="id" value={file.id} />
          <div class="edlink-actions">
            <button class="usa-button" type="submit" name="answer" value="confirmed">
              It is meant so
            </button>
            <button class="usa-button usa-button--outline" type="submit" name="answer" value="refused">
              It is a mistake
            </button>
          </div>
        </form>
      </>
    )}
  </section>
);
