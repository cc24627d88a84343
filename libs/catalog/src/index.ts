export const catalogEntities = [];
