export const coordinatorsEntities = [];
