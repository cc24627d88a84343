export const tokensEntities = [];
