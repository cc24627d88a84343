import type { ComponentChildren, VNode } from 'preact';

/** A boxed message; not announced as it is part of the page. */
export function Alert({
  kind,
  heading,
  children,
}: {
  kind: 'info' | 'warning' | 'error' | 'success';
  heading?: string;
  children: ComponentChildren;
}): VNode {
  return (
    <div class={`usa-alert usa-alert--${kind}${heading ? '' : ' usa-alert--slim'}`}>
      <div class="usa-alert__body">
        {heading && <h2 class="usa-alert__heading">{heading}</h2>}
        <div class="usa-alert__text">{children}</div>
      </div>
    </div>
  );
}

/** Names and their values, two columns on a wide screen. */
export function Facts({ facts }: { facts: [name: string, value: ComponentChildren][] }): VNode {
  return (
    <dl class="edlink-facts">
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

/** A person's name, kept from reordering the words around it (WB-5). */
export const PersonName = ({ children }: { children: ComponentChildren }): VNode => <bdi>{children}</bdi>;

/** A status as a coloured word; the word alone says it. */
export const Tag = ({
  tone,
  children,
}: {
  tone: 'good' | 'bad' | 'waiting' | 'quiet';
  children: ComponentChildren;
}): VNode => <span class={`usa-tag edlink-tag edlink-tag--${tone}`}>{children}</span>;

/** Text people typed, with its line breaks. */
export const TypedText = ({ children }: { children: string }): VNode => (
  <p class="edlink-typed" dir="auto">
    {children}
  </p>
);

/** What an empty list says: what it is for, and what to do. */
export const Empty = ({ children }: { children: ComponentChildren }): VNode => (
  <div class="edlink-empty">{children}</div>
);

/** A link that looks like a button. */
export const ButtonLink = ({
  href,
  quiet,
  children,
}: {
  href: string;
  quiet?: boolean;
  children: ComponentChildren;
}): VNode => (
  <a class={`usa-button${quiet ? ' usa-button--outline' : ''}`} href={href}>
    {children}
  </a>
);
