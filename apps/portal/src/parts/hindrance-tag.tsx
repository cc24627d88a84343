import type { VNode } from 'preact';
import type { CoordinatorView } from '#oversight';
import { Tag } from '#web';

/** Why somebody who is named decides nothing. */
export const HindranceTag = ({ hindrance }: Pick<CoordinatorView, 'hindrance'>): VNode | null =>
  hindrance ? <Tag tone="bad">{hindrance === 'unsigned' ? 'Not signed' : 'Cannot sign in'}</Tag> : null;
