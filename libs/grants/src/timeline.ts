import type { GrantState } from './grant-version.js';

/** A period in the life of a grant. */
export interface Piece {
  fromAt: Date;
  /** The first instant no longer; absent: for good. */
  toAt?: Date;
  state: GrantState;
}

/** What becomes of some pieces: these are no longer believed, those are from now on. */
export interface Rewriting<P extends Piece> {
  superseded: P[];
  recorded: Piece[];
}

const later = (one: Date, other: Date): Date => (one > other ? one : other);

/** The pieces that are not over at an instant. More than one only where clocks of two instances differ. */
export const livePieces = <P extends Piece>(pieces: P[], at: Date): P[] =>
  pieces.filter(({ toAt }) => !toAt || toAt > at).sort((one, other) => one.fromAt.getTime() - other.fromAt.getTime());

/** Ends a life at an instant; one that has not begun then never held. What is over stays as it is. */
export function endedAt<P extends Piece>(pieces: P[], at: Date): Rewriting<P> {
  const superseded = livePieces(pieces, at);
  const recorded = superseded.slice(0, 1).map(({ fromAt, state }) => ({ fromAt, toAt: later(fromAt, at), state }));
  return { superseded, recorded };
}

/** Goes on in another state from an instant to the end it has. */
export function switchedAt<P extends Piece>(pieces: P[], at: Date, state: GrantState): Rewriting<P> {
  const superseded = livePieces(pieces, at).filter((piece) => piece.state !== state);
  const recorded = superseded.flatMap((piece): Piece[] => {
    const { fromAt, toAt } = piece;
    const before = fromAt < at ? [{ fromAt, toAt: at, state: piece.state }] : [];
    return [...before, { fromAt: later(fromAt, at), toAt, state }];
  });
  return { superseded, recorded };
}

/** Goes on to a later end, in the state it is in last. */
export function prolonged<P extends Piece>(pieces: P[], at: Date, toAt: Date): Rewriting<P> {
  const last = livePieces(pieces, at).at(-1);
  return last ? { superseded: [last], recorded: [{ fromAt: last.fromAt, toAt, state: last.state }] } : none;
}

const none = { superseded: [], recorded: [] };
