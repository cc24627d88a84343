import { problemKind } from '#kernel';

export const staffProblems = {
  notMatched: problemKind('staff.not-matched', 422, 'We could not find you with these facts'),
  tooManyTries: problemKind('staff.too-many-tries', 429, 'Too many tries'),
  taken: problemKind('staff.taken', 409, 'This Staff ID is linked to another account'),
  alreadyLinked: problemKind('staff.already-linked', 409, 'Your account is linked already'),
  faultyFeed: problemKind('staff.faulty-feed', 422, 'The staff file cannot be used'),
  unknownHold: problemKind('staff.unknown-hold', 404, 'No such staff file'),
  holdOver: problemKind('staff.hold-over', 409, 'Answered already'),
  secondPerson: problemKind('staff.second-person', 403, 'A second person has to say so'),
  disputeClosed: problemKind('staff.dispute-closed', 409, 'This dispute is closed already'),
  ownDispute: problemKind('staff.own-dispute', 403, 'You are part of this dispute'),
  unknownDispute: problemKind('staff.unknown-dispute', 404, 'No such dispute'),
};
