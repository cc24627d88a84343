import type { VNode } from 'preact';
import { passphraseLength } from '#accounts';
import type { FieldFault } from '#kernel';
import { TextField } from '#web';

/** A field for a new passphrase. With script, edlink.js puts a "show" button beside it. */
export const NewPassphraseField = ({
  faults,
  label = 'Passphrase',
}: {
  faults?: FieldFault[];
  label?: string;
}): VNode => (
  <TextField
    name="passphrase"
    type="password"
    label={label}
    hint={`At least ${passphraseLength.from} characters. Four or five words that do not belong together are easy to remember and hard to guess. Spaces and every kind of letter are fine.`}
    autocomplete="new-password"
    faults={faults}
  />
);
