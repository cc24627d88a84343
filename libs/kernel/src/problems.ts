import { problemKind } from './problem.js';

export const kernelProblems = {
  notFound: problemKind('kernel.not-found', 404, 'Page not found'),
  badInput: problemKind('kernel.bad-input', 400, 'That could not be read'),
  badFile: problemKind('kernel.bad-file', 422, 'The file cannot be used'),
  tooLarge: problemKind('kernel.too-large', 413, 'That is too large'),
  busy: problemKind('kernel.busy', 503, 'Too busy right now'),
  fault: problemKind('kernel.fault', 500, 'Something went wrong on our side'),
};
