import type { VNode } from 'preact';
import { type FieldFault, readableTime } from '#kernel';
import type { NoteView } from '#requests';
import { Empty, type PageFrame, PersonName, TextField, Token, TypedText } from '#web';

interface NotesProps {
  frame: PageFrame;
  requestId: string;
  notes: NoteView[];
  /** Who reads what is written here, in words. */
  reader: string;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** "View / Add Notification" of a request: messages kept with it. */
export const Notes = ({ frame, requestId, notes, reader, faults, typed }: NotesProps): VNode => (
  <section aria-labelledby="notes">
    <h2 id="notes">Notifications on this request</h2>
    {notes.length === 0 && (
      <Empty>
        <p>None yet. Write here to ask or to explain; {reader} is told.</p>
      </Empty>
    )}
    {notes.length > 0 && (
      <ul class="edlink-list">
        {notes.map((note) => (
          <li>
            <p class="edlink-quiet">
              <PersonName>{note.author}</PersonName>
              {note.own && ' (you)'}, {readableTime(note.writtenAt)}
            </p>
            <TypedText>{note.text}</TypedText>
          </li>
        ))}
      </ul>
    )}
    <form method="post" action={`/requests/${requestId}/notes`} novalidate>
      <Token frame={frame} />
      <TextField
        name="text"
        label="Add a notification"
        hint="No names of students."
        rows={3}
        faults={faults}
        typed={typed}
      />
      <div class="edlink-actions">
        <button class="usa-button usa-button--outline" type="submit">
          Add notification
        </button>
      </div>
    </form>
  </section>
);
