import { problemKind } from '#kernel';

export const portalProblems = {
  issuerAway: problemKind('portal.issuer-away', 503, 'Sign-in is not available right now'),
  signInFailed: problemKind('portal.sign-in-failed', 400, 'Sign-in was not finished'),
};
