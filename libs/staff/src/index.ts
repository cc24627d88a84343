export const staffEntities = [];
