// What the law and the school systems ask of access over the years: people who leave, and what ended with them. Never decides
// who may have access.
export { ComplianceModule } from './compliance.module.js';
