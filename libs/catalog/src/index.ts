// What people can ask for: applications, roles, permissions, from config/catalog. Holds no table and knows nobody.
export * from './application.js';
export { CatalogModule } from './catalog.module.js';
export { CatalogService } from './catalog.service.js';
export * from './problems.js';
export { CatalogFault, readCatalog } from './read-catalog.js';
