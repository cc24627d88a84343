import { problemKind } from '#kernel';

export const requestsProblems = {
  notFound: problemKind('requests.not-found', 404, 'Not found'),
  notLinked: problemKind('requests.not-linked', 409, 'Your Staff ID is not linked yet'),
  notOffered: problemKind('requests.not-offered', 422, 'This cannot be asked for'),
  badText: problemKind('requests.bad-text', 422, 'Please check the text'),
  incomplete: problemKind('requests.incomplete', 422, 'Something is missing'),
  tooManyLines: problemKind('requests.too-many-lines', 422, 'Too much for one request'),
  twoRoles: problemKind('requests.two-roles', 422, 'Two roles at one place'),
  badPeriod: problemKind('requests.bad-period', 422, 'Please check the days'),
  notLess: problemKind('requests.not-less', 422, 'This is not less than was asked for'),
  otherForm: problemKind('requests.other-form', 422, 'This form was sent before with other answers'),
  alreadyOpen: problemKind('requests.already-open', 409, 'You have asked for this already'),
  tooManyOpen: problemKind('requests.too-many-open', 409, 'Too many open requests'),
  ownRequest: problemKind('requests.own-request', 403, 'This is your own request'),
  noLongerYours: problemKind('requests.no-longer-yours', 409, 'You no longer decide this request'),
  changed: problemKind('requests.changed', 409, 'The request has changed'),
  alreadyDecided: problemKind('requests.already-decided', 409, 'Already decided'),
  notGrantable: problemKind('requests.not-grantable', 409, 'This can no longer be approved'),
  notExtendable: problemKind('requests.not-extendable', 409, 'This cannot be kept longer'),
  offerOver: problemKind('requests.offer-over', 409, 'This offer no longer holds'),
  notAgain: problemKind('requests.not-again', 409, 'Nothing to ask for again'),
  notSuggestible: problemKind('requests.not-suggestible', 409, 'The whole school system cannot be offered here'),
  answered: problemKind('requests.answered', 409, 'Answered already'),
  alreadyAsked: problemKind('requests.already-asked', 409, 'Asked already'),
  notEnterable: problemKind('requests.not-enterable', 422, 'This cannot be entered for somebody'),
  nothingOpen: problemKind('requests.nothing-open', 409, 'Nothing is open any more'),
};

/** Absent and outside the actor's scope look the same; the attempt is kept in the audit log. */
export const absent = (action: string, requestId: string): Error =>
  requestsProblems.notFound('There is no such request, or it is not yours to see. Open it from your list again.', {
    refusal: { action, target: `request:${String(requestId).slice(0, 60)}` },
  });
