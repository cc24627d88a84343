import { problemKind } from '#kernel';

export const accountsProblems = {
  /** One answer for every reason, so that nobody learns whether an account exists (EN-1). */
  signInRefused: problemKind('accounts.sign-in-refused', 422, 'Not signed in'),
  unfit: problemKind('accounts.unfit', 422, 'Check what you typed'),
  linkUnusable: problemKind('accounts.link-unusable', 422, 'This link no longer works'),
  userNameTaken: problemKind('accounts.user-name-taken', 409, 'That user name is taken'),
  addressTaken: problemKind('accounts.address-taken', 409, 'There is an account with this address already'),
  wrongPassphrase: problemKind('accounts.wrong-passphrase', 422, 'Your passphrase does not fit'),
  unknownAccount: problemKind('accounts.unknown-account', 404, 'No such account'),
};
