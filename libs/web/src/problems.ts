import { problemKind } from '#kernel';

export const webProblems = {
  signedOut: problemKind('web.signed-out', 401, 'Please sign in'),
  notYours: problemKind('web.not-yours', 403, 'Not open to you'),
  formExpired: problemKind('web.form-expired', 403, 'This form can no longer be used'),
  otherForm: problemKind('web.other-form', 422, 'This form was sent before'),
  maybeSaved: problemKind('web.maybe-saved', 503, 'We do not know whether it was saved'),
  wrongHost: problemKind('web.wrong-host', 421, 'Wrong address'),
};
