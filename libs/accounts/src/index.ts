export const accountsEntities = [];
