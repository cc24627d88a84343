import { routed } from './routing.js';
import type { Routing, RoutingTrace } from './routing-types.js';

/**
 * Finds the answer once more from what was kept of it, looking at nothing else: whoever reads an old request sees that
 * the rule led to these people, and from what.
 */
export const replay = ({ version, line, candidates }: RoutingTrace): Routing =>
  routed(
    version,
    line,
    candidates.map(({ fate: _, covers, ...facts }) => ({
      ...facts,
      ...(covers && { covers: covers.map(({ fate: _fate, ...cover }) => cover) }),
    })),
  );
