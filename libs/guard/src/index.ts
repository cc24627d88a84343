export const guardEntities = [];
