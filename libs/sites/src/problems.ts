import { problemKind } from '#kernel';

export const sitesProblems = {
  unknownCode: problemKind('sites.unknown-code', 422, 'We do not know this place'),
  closed: problemKind('sites.closed', 422, 'This place is closed'),
  faultyRegister: problemKind('sites.faulty-register', 422, 'The register file has faults'),
  wrongServing: problemKind('sites.wrong-serving', 422, 'This system cannot serve this site'),
  wrongMerger: problemKind('sites.wrong-merger', 422, 'These sites cannot be merged'),
  wrongDay: problemKind('sites.wrong-day', 422, 'The effective day does not fit'),
  unknownSource: problemKind('sites.unknown-source', 422, 'This source is not known'),
  unknownChange: problemKind('sites.unknown-change', 404, 'Not found'),
  changeEnded: problemKind('sites.change-ended', 409, 'This register change is done with'),
  registerMovedOn: problemKind('sites.register-moved-on', 409, 'The register has changed since'),
  secondPerson: problemKind('sites.second-person', 409, 'A second person is needed'),
  rowNeedsOthers: problemKind('sites.row-needs-others', 422, 'These rows do not go alone'),
  unknownDisagreement: problemKind('sites.unknown-disagreement', 404, 'Not found'),
  settledAlready: problemKind('sites.settled-already', 409, 'Already settled'),
  badNote: problemKind('sites.bad-note', 422, 'Please check the note'),
};
