import { problemKind } from '#kernel';

export const sitesProblems = {
  unknownCode: problemKind('sites.unknown-code', 422, 'We do not know this place'),
  closed: problemKind('sites.closed', 422, 'This place is closed'),
  faultyRegister: problemKind('sites.faulty-register', 422, 'The register file has faults'),
  tooManyGone: problemKind('sites.too-many-gone', 409, 'The register file leaves out many places'),
  wrongDay: problemKind('sites.wrong-day', 422, 'The effective day does not fit'),
};
