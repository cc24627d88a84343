import { problemKind } from '#kernel';

export const grantsProblems = {
  alreadyHeld: problemKind('grants.already-held', 409, 'Already granted'),
  otherRole: problemKind('grants.other-role', 409, 'Another role is held there'),
  alreadyEnded: problemKind('grants.already-ended', 409, 'Already ended'),
  notFound: problemKind('grants.not-found', 404, 'Not found'),
  notYours: problemKind('grants.not-yours', 403, 'Not open to you'),
};
