export const sitesEntities = [];
