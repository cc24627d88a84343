import { problemKind } from '#kernel';

export const grantsProblems = {
  alreadyHeld: problemKind('grants.already-held', 409, 'Already granted'),
  otherRole: problemKind('grants.other-role', 409, 'Another role is held there'),
  conflict: problemKind('grants.conflict', 409, 'These duties must not meet'),
  alreadyEnded: problemKind('grants.already-ended', 409, 'Already ended'),
  wrongEnd: problemKind('grants.wrong-end', 422, 'This end does not fit'),
  badReason: problemKind('grants.bad-reason', 422, 'Please check the reason'),
  notSuspended: problemKind('grants.not-suspended', 409, 'Not suspended'),
  suspended: problemKind('grants.suspended', 409, 'Suspended already'),
  tooMany: problemKind('grants.too-many', 422, 'Too many at once'),
  notFound: problemKind('grants.not-found', 404, 'Not found'),
  own: problemKind('grants.own', 403, 'This is your own access'),
};
