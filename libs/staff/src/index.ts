// Who the people are: staff members with Staff ID and employments, and which account is which person.
// Keeps no birth date and no social security number; never moves a Staff ID from one person to another.
export * from './problems.js';
export * from './staff-link.js';
export * from './staff-member.js';
export { nameKey } from './staff-facts.js';
export { type EndedEmployment, EmploymentEnds } from './employment-ends.js';
export { feedLines, type FeedReport } from './feed-report.js';
export { type FeedHold, StaffFeedHolds } from './staff-feed-holds.js';
export { StaffFeedImport } from './staff-feed-import.js';
export { StaffModule } from './staff.module.js';
export type { Dispute } from './link-disputes.js';
export type { EmploymentView, StaffPerson } from './staff-lookup.js';
export { StaffService, type StaffClaim } from './staff.service.js';
import { StaffFeedHold } from './staff-feed-hold.js';
import { EmploymentEnd } from './employment-end.js';
import { LinkDispute, StaffLink } from './staff-link.js';
import { Employment, StaffMember } from './staff-member.js';

export const staffEntities = [StaffMember, Employment, EmploymentEnd, StaffFeedHold, StaffLink, LinkDispute];
