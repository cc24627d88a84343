import { problemKind } from '#kernel';

export const coordinatorsProblems = {
  notYours: problemKind('coordinators.not-yours', 403, 'Coordinators are named by the state office'),
  notFound: problemKind('coordinators.not-found', 404, 'Not found'),
  wrongScope: problemKind('coordinators.wrong-scope', 422, 'This scope does not fit'),
  already: problemKind('coordinators.already', 409, 'Already a coordinator here'),
  alreadyEnded: problemKind('coordinators.already-ended', 409, 'Already ended'),
  lastOne: problemKind('coordinators.last-one', 409, 'Nobody would be left'),
  unsigned: problemKind('coordinators.unsigned', 409, 'Your statement is not signed'),
  movedOn: problemKind('coordinators.moved-on', 409, 'This was changed meanwhile'),
  notHead: problemKind('coordinators.not-head', 403, 'Coordinators are designated by the head'),
  unknownPerson: problemKind('coordinators.unknown-person', 422, 'Nobody has this Staff ID'),
  wrongCover: problemKind('coordinators.wrong-cover', 422, 'Nobody can stand in like this'),
  coveredAlready: problemKind('coordinators.covered-already', 409, 'Somebody stands in already'),
};
