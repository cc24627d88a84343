import { problemKind } from '#kernel';

export const complianceProblems = {
  notFound: problemKind('compliance.not-found', 404, 'Not found'),
  notYours: problemKind('compliance.not-yours', 403, 'For somebody else to do'),
  wrongDay: problemKind('compliance.wrong-day', 422, 'The day does not fit'),
  badReason: problemKind('compliance.bad-reason', 422, 'The reason does not fit'),
  tooManyRows: problemKind('compliance.too-many-rows', 422, 'Too much for one file'),
  tooManyFiles: problemKind('compliance.too-many-files', 429, 'Too many files'),
  alreadyLeft: problemKind('compliance.already-left', 409, 'There is nothing to end'),
};
