import { problemKind } from '#kernel';

export const coordinatorsProblems = {
  notYours: problemKind('coordinators.not-yours', 403, 'Coordinators are named by the state office'),
  notFound: problemKind('coordinators.not-found', 404, 'Not found'),
  wrongScope: problemKind('coordinators.wrong-scope', 422, 'This scope does not fit'),
  already: problemKind('coordinators.already', 409, 'Already a coordinator here'),
  alreadyEnded: problemKind('coordinators.already-ended', 409, 'Already ended'),
};
