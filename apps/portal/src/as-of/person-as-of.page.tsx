import type { VNode } from 'preact';
import type { AsOfPerson, AsOfPersonAnswer } from '#compliance';
import type { FieldFault } from '#kernel';
import { Page, type PageFrame, PersonName, TextField } from '#web';
import { readableDay } from '../parts/days.js';
import { isOffice, StateNav } from '../state/state-nav.js';
import { AsOfTable } from './as-of-parts.js';
import type { AskedFields } from './as-of-question.js';

interface PersonAsOfProps {
  frame: PageFrame;
  asked: AskedFields;
  faults?: FieldFault[];
  answer?: AsOfPersonAnswer & { question: AsOfPerson };
  /** Address of the answer as a file. */
  file: string;
}

/** What a person had in some time, and as it was known on a day. */
export const PersonAsOfPage = ({ frame, asked, faults, answer, file }: PersonAsOfProps): VNode => (
  <Page frame={frame} title="What a person had" faults={faults}>
    {isOffice(frame) && <StateNav frame={frame} />}
    <p>
      <a href="/people/as-of">Ask about a place</a>
    </p>
    <PersonFields asked={asked} faults={faults} />
    {answer && (
      <section aria-labelledby="answer">
        <h2 id="answer">
          <a href={`/people/${answer.staffMemberId}`}>
            <PersonName>{answer.name}</PersonName>
          </a>
          , {readableDay(answer.question.fromDay)} to {readableDay(answer.question.throughDay)}
        </h2>
        <p>Everything that was held at any moment of these days, where you decide. Whole periods are shown.</p>
        <AsOfTable
          rows={answer.rows}
          partial={answer.partial}
          believedDay={answer.question.believedDay}
          nobody="This person had nothing in these days where you decide."
          file={file}
          ofOne
        />
      </section>
    )}
  </Page>
);

/** The question about a person. */
export const PersonFields = ({ asked, faults }: { asked: AskedFields; faults?: FieldFault[] }): VNode => (
  <form class="edlink-form" method="get" action="/people/as-of/person">
    <TextField
      name="staffId"
      label="Staff ID"
      hint="10 digits. You find it on the page of the person."
      inputmode="numeric"
      autocomplete="off"
      faults={faults}
      typed={asked}
    />
    <div class="edlink-row">
      <TextField name="from" label="From" type="date" faults={faults} typed={asked} />
      <TextField name="through" label="Through" type="date" faults={faults} typed={asked} />
    </div>
    <TextField
      name="believed"
      label="As it was on record on"
      hint="Leave it empty for what is on record now."
      type="date"
      required={false}
      faults={faults}
      typed={asked}
    />
    <button class="usa-button" type="submit">
      Show what this person had
    </button>
  </form>
);
