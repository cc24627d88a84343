import type { ComponentChildren, VNode } from 'preact';
import type { FieldFault } from '#kernel';

export interface Choice {
  value: string;
  label: ComponentChildren;
  /** One line below the label. */
  about?: ComponentChildren;
}

export interface ChoicesProps {
  name: string;
  legend: ComponentChildren;
  choices: Choice[];
  /** `radio`: one of them; `checkbox`: any number. */
  type: 'radio' | 'checkbox';
  chosen?: readonly string[];
  hint?: ComponentChildren;
  faults?: FieldFault[];
  required?: boolean;
  /** Short choices side by side. */
  inRow?: boolean;
  /** Keeps ids apart where a page holds the same form more than once. */
  idSuffix?: string;
}

/** A group of radio buttons or check boxes with its legend, hint and fault. The first choice carries the group's name as id, for the fault summary. */
export function Choices({
  name,
  legend,
  choices,
  type,
  chosen = [],
  hint,
  faults,
  required = type === 'radio',
  inRow,
  idSuffix = '',
}: ChoicesProps): VNode {
  const base = name + idSuffix;
  const fault = faults?.find((one) => one.field === name);
  const described = [hint && `${base}-hint`, fault && `${base}-fault`].filter(Boolean).join(' ') || undefined;
  return (
    <fieldset
      class={`usa-fieldset usa-form-group${fault ? ' usa-form-group--error' : ''}`}
      aria-describedby={described}
    >
      <legend class="usa-legend">{legend}</legend>
      {hint && (
        <span class="usa-hint" id={`${base}-hint`}>
          {hint}
        </span>
      )}
      {fault && (
        <span class="usa-error-message" id={`${base}-fault`}>
          {fault.message}
        </span>
      )}
      <div class={inRow ? 'edlink-row' : undefined}>
        {choices.map((choice, index) => {
          const id = index === 0 ? base : `${base}-${index}`;
          return (
            <div class={`usa-${type}`}>
              <input
                class={`usa-${type}__input usa-${type}__input--tile`}
                id={id}
                type={type}
                name={name}
                value={choice.value}
                checked={chosen.includes(choice.value)}
                required={type === 'radio' && required}
              />
              <label class={`usa-${type}__label`} for={id}>
                {choice.label}
                {choice.about && <span class={`usa-${type}__label-description`}>{choice.about}</span>}
              </label>
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
