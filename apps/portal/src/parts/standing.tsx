import type { VNode } from 'preact';
import type { GrantStanding } from '#compliance';
import { Tag } from '#web';

const words: Record<GrantStanding, [tone: 'good' | 'bad' | 'waiting' | 'quiet', word: string]> = {
  active: ['good', 'Active'],
  begins: ['waiting', 'Begins later'],
  'ends-soon': ['waiting', 'Ends soon'],
  rests: ['waiting', 'Rests'],
  suspended: ['bad', 'Suspended'],
  ended: ['quiet', 'Ended'],
};

/** How access stands, in a word. */
export const StandingTag = ({ standing }: { standing: GrantStanding }): VNode => (
  <Tag tone={words[standing][0]}>{words[standing][1]}</Tag>
);
