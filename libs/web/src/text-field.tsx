import type { VNode } from 'preact';
import type { FieldFault } from '#kernel';

export interface FieldProps {
  name: string;
  label: string;
  hint?: string;
  faults?: FieldFault[];
  /** What was typed, kept when the form comes back. Never passed for passwords. */
  typed?: Record<string, unknown>;
  type?: 'text' | 'email' | 'password' | 'search' | 'date';
  autocomplete?: string;
  inputmode?: 'text' | 'numeric' | 'email';
  required?: boolean;
  /** A taller box for longer text. */
  rows?: number;
  /** Keeps ids apart where a page holds the same form more than once. */
  idSuffix?: string;
}

/** A labelled text field with hint and fault beside it. */
export function TextField(props: FieldProps): VNode {
  const { name, label, hint, type = 'text', rows, required = true, idSuffix = '' } = props;
  const id = name + idSuffix;
  const fault = props.faults?.find((one) => one.field === name);
  const typed = type === 'password' ? undefined : props.typed?.[name];
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  const field = {
    id,
    name,
    class: `${rows ? 'usa-textarea' : 'usa-input'}${fault ? ' usa-input--error' : ''}`,
    autocomplete: props.autocomplete,
    inputMode: props.inputmode,
    'aria-describedby': described,
    'aria-invalid': fault ? ('true' as const) : undefined,
    required,
  };
  return (
    <div class={`usa-form-group${fault ? ' usa-form-group--error' : ''}`}>
      <label class="usa-label" for={id}>
        {label}
        {!required && <span class="usa-hint"> (optional)</span>}
      </label>
      {hint && (
        <span class="usa-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault && (
        <span class="usa-error-message" id={`${id}-fault`}>
          {fault.message}
        </span>
      )}
      {rows ? (
        <textarea {...field} rows={rows}>
          {typeof typed === 'string' ? typed : ''}
        </textarea>
      ) : (
        <input
          {...(field as object)}
          type={type as 'text'}
          value={typeof typed === 'string' ? typed : undefined}
          autocapitalize="none"
          spellcheck={false}
        />
      )}
    </div>
  );
}
