import type { VNode } from 'preact';
import { readableTime } from '#kernel';
import type { RequestView } from '#requests';
import { Timeline } from '../parts/timeline.js';
import { momentsOf } from './moments.js';

/** What became of a request so far, in one order: sent, sent on, asked and answered, offered, decided, written. */
export const History = ({ request }: { request: RequestView }): VNode => (
  <section aria-labelledby="history">
    <h2 id="history">What happened so far</h2>
    <Timeline moments={momentsOf(request).map(({ at, ...moment }) => ({ ...moment, when: readableTime(at) }))} />
  </section>
);
