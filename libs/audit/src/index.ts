// What happened, written in the transaction that made it happen. Never changes or removes a row.
export { AuditEntry } from './audit-entry.js';
export { AuditModule } from './audit.module.js';
export { AuditService, type Deed } from './audit.service.js';
import { AuditEntry } from './audit-entry.js';

export const auditEntities = [AuditEntry];
