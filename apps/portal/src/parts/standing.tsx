import type { VNode } from 'preact';
import type { Standing } from '#compliance';
import { Tag } from '#web';

const words: Record<Standing, [tone: 'good' | 'bad' | 'waiting' | 'quiet', word: string]> = {
  active: ['good', 'Active'],
  begins: ['waiting', 'Begins later'],
  'ends-soon': ['waiting', 'Ends soon'],
  rests: ['waiting', 'Rests'],
  suspended: ['bad', 'Suspended'],
  ended: ['quiet', 'Ended'],
};

/** How access stands, in a word. */
export const StandingTag = ({ standing }: { standing: Standing }): VNode => (
  <Tag tone={words[standing][0]}>{words[standing][1]}</Tag>
);
