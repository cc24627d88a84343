import type { VNode } from 'preact';
import type { FieldFault } from '#kernel';
import { type PageFrame, TextField, Token } from '#web';

interface AddNoteProps {
  frame: PageFrame;
  requestId: string;
  /** Who reads what is written here, in words. */
  reader: string;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** "Add Notification" of a request: a message kept with it. What was written stands among what happened. */
export const AddNote = ({ frame, requestId, reader, faults, typed }: AddNoteProps): VNode => (
  <section aria-labelledby="notes">
    <h2 id="notes">Add a notification</h2>
    <p>It is kept with the request, among what happened so far, and {reader} is told.</p>
    <form method="post" action={`/requests/${requestId}/notes`} novalidate>
      <Token frame={frame} />
      <TextField
        name="text"
        label="Your notification"
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
