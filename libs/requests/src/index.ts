export const requestsEntities = [];
