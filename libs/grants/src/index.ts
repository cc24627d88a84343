export const grantsEntities = [];
