import type { ComponentChildren, VNode } from 'preact';

/** Something that happened: when, in words; what; and more about it where there is more to say. */
export interface Moment {
  when: ComponentChildren;
  what: ComponentChildren;
  about?: ComponentChildren;
}

/** What happened, in order, oldest first. */
export const Timeline = ({ moments }: { moments: Moment[] }): VNode => (
  <ol class="edlink-timeline">
    {moments.map(({ when, what, about }) => (
      <li>
        <p class="edlink-quiet">{when}</p>
        <p>{what}</p>
        {about}
      </li>
    ))}
  </ol>
);
