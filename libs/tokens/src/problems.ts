import { problemKind } from '#kernel';

export const tokensProblems = {
  signInExpired: problemKind('tokens.sign-in-expired', 404, 'This sign-in is no longer open'),
  tokenReused: problemKind('tokens.token-reused', 400, 'A code or refresh token was used twice'),
  clientRefused: problemKind('tokens.client-refused', 401, 'An application could not prove who it is'),
  notEntitled: problemKind('tokens.not-entitled', 403, 'No permission for this application'),
};
