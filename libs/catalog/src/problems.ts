import { problemKind } from '#kernel';

export const catalogProblems = {
  unknownApplication: problemKind('catalog.unknown-application', 422, 'We do not know this application'),
  unknownRole: problemKind('catalog.unknown-role', 422, 'This role is not offered'),
  unknownPermission: problemKind('catalog.unknown-permission', 422, 'This permission is not offered'),
};
