import type { VNode } from 'preact';
import type { AsOfPlace, AsOfPlaceAnswer } from '#compliance';
import type { FieldFault } from '#kernel';
import type { PlacedLocation } from '#sites';
import { Page, type PageFrame, Select, TextField } from '#web';
import { readableDay } from '../parts/days.js';
import { FoundPlaces, PlaceSearchField } from '../parts/place-search.js';
import { aboutPlace } from '../parts/places.js';
import { isOffice, StateNav } from '../state/state-nav.js';
import { AsOfTable } from './as-of-parts.js';
import type { AskedFields } from './as-of-question.js';
import { PersonFields } from './person-as-of.page.js';

interface AsOfSearchProps {
  frame: PageFrame;
  text?: string;
  fault?: string;
  found?: PlacedLocation[];
  /** What the fields about a person begin with. */
  asked: AskedFields;
}

const hrefOf = ({ level, code }: PlacedLocation): string => `/people/as-of?${new URLSearchParams({ level, code })}`;

/** Where a question about an earlier day begins: at a place, or with a person. */
export const AsOfSearchPage = ({ frame, text, fault, found, asked }: AsOfSearchProps): VNode => (
  <Page
    frame={frame}
    title="Who had access on an earlier day"
    faults={fault ? [{ field: 'q', message: fault }] : undefined}
  >
    {isOffice(frame) && <StateNav frame={frame} />}
    <p>Ask about a place or about a person. What you ask and how much you are answered is kept in the audit log.</p>
    <h2>At a place</h2>
    <form method="get" action="/people/as-of" role="search" aria-label="Places">
      <PlaceSearchField text={text} fault={fault} live={{ next: '/people/as-of' }} />
    </form>
    <FoundPlaces found={found} hrefOf={hrefOf} />
    <h2>Of a person</h2>
    <PersonFields asked={asked} />
  </Page>
);

interface AsOfPlaceProps {
  frame: PageFrame;
  place: PlacedLocation;
  applications: { code: string; name: string; permissions: { code: string; name: string }[] }[];
  asked: AskedFields;
  faults?: FieldFault[];
  answer?: AsOfPlaceAnswer & { question: AsOfPlace };
  /** Address of the answer as a file. */
  file: string;
}

/** Who had something at a place on a day, and as it was known on another. */
export const AsOfPlacePage = (props: AsOfPlaceProps): VNode => {
  const { frame, place, applications, asked, faults, answer } = props;
  return (
    <Page frame={frame} title={`Who had access at ${place.name}`} faults={faults}>
      {isOffice(frame) && <StateNav frame={frame} />}
      <p class="edlink-quiet">{aboutPlace(place)}</p>
      <p>
        <a href="/people/as-of">Ask about another place, or a person</a>
      </p>
      <form class="edlink-form" method="get" action="/people/as-of">
        <input type="hidden" name="level" value={place.level} />
        <input type="hidden" name="code" value={place.code} />
        <Select
          name="what"
          label="What could be done"
          options={[
            { value: '', label: 'Choose' },
            ...applications.flatMap(({ code, name, permissions }) => [
              { value: code, label: `${name}: anything` },
              ...permissions.map((one) => ({ value: `${code}:${one.code}`, label: `${name}: ${one.name}` })),
            ]),
          ]}
          chosen={asked.what}
          faults={faults}
        />
        <TextField name="day" label="On this day" type="date" faults={faults} typed={asked} />
        <TextField
          name="believed"
          label="As it was on record on"
          hint="Leave it empty for what is on record now. An earlier day leaves out what was recorded after it."
          type="date"
          required={false}
          faults={faults}
          typed={asked}
        />
        <button class="usa-button" type="submit">
          Show who had it
        </button>
      </form>
      {answer && <PlaceAnswer {...props} answer={answer} />}
    </Page>
  );
};

const PlaceAnswer = ({ answer, file }: AsOfPlaceProps & { answer: NonNullable<AsOfPlaceProps['answer']> }): VNode => {
  const { place, system, rows, partial, question } = answer;
  const people = new Set(rows.map(({ staffMemberId }) => staffMemberId)).size;
  return (
    <section aria-labelledby="answer">
      <h2 id="answer">
        {readableDay(question.day)}: {people === 1 ? '1 person' : `${people} people`}
      </h2>
      <p>
        Everybody who could use it at any moment of that day; not while it rested.
        {system &&
          ` What was given for the whole of ${system.name} counts too: ${place.name} came with it on that day.`}
      </p>
      <AsOfTable
        rows={rows}
        partial={partial}
        believedDay={question.believedDay}
        nobody="Nobody had it there on that day."
        file={file}
      />
    </section>
  );
};
