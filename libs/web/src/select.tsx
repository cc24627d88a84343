import type { VNode } from 'preact';
import type { FieldFault } from '#kernel';

interface SelectProps {
  name: string;
  label: string;
  options: { value: string; label: string }[];
  chosen?: string;
  hint?: string;
  faults?: FieldFault[];
  /** Keeps ids apart where a page holds the same form more than once. */
  idSuffix?: string;
}

/** One of many, in a list that opens; for more choices than radio buttons can show. */
export function Select({ name, label, options, chosen = '', hint, faults, idSuffix = '' }: SelectProps): VNode {
  const id = name + idSuffix;
  const fault = faults?.find((one) => one.field === name);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={`usa-form-group${fault ? ' usa-form-group--error' : ''}`}>
      <label class="usa-label" for={id}>
        {label}
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
      <select
        class={`usa-select${fault ? ' usa-input--error' : ''}`}
        id={id}
        name={name}
        aria-describedby={described}
        aria-invalid={fault ? 'true' : undefined}
      >
        {options.map((option) => (
          <option value={option.value} selected={option.value === chosen}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
