import { M01Roles } from './01-roles.js';
import { M02Audit } from './02-audit.js';
import { M03Notifications } from './03-notifications.js';
import { M04Web } from './04-web.js';
import { M05Sites } from './05-sites.js';
import { M06Accounts } from './06-accounts.js';
import { M07Staff } from './07-staff.js';
import { M08Coordinators } from './08-coordinators.js';
import { M09Grants } from './09-grants.js';
import { M10Requests } from './10-requests.js';
import { M11Tokens } from './11-tokens.js';
import { M12Organisation } from './12-organisation.js';
import { M13Register } from './13-register.js';
import { M14Cover } from './14-cover.js';
import { M15CoordinatorLife } from './15-coordinator-life.js';
import { M16Rerouting } from './16-rerouting.js';
import { M17GrantHistory } from './17-grant-history.js';
import { M18Signals } from './18-signals.js';
import { M19Departures } from './19-departures.js';
import { M20RequestLines } from './20-request-lines.js';
import { M21RequestTime } from './21-request-time.js';
import { M22RequestTerms } from './22-request-terms.js';
import { M23Duties } from './23-duties.js';
import { M24RepeatedForms } from './24-repeated-forms.js';
import { M25RequestQuestions } from './25-request-questions.js';
import { M26WaitingLists } from './26-waiting-lists.js';
import { M27EndingAccess } from './27-ending-access.js';
import { M28AbandonedMail } from './28-abandoned-mail.js';

/** Forward only; in this order. */
export const migrations = [
  M01Roles,
  M02Audit,
  M03Notifications,
  M04Web,
  M05Sites,
  M06Accounts,
  M07Staff,
  M08Coordinators,
  M09Grants,
  M10Requests,
  M11Tokens,
  M12Organisation,
  M13Register,
  M14Cover,
  M15CoordinatorLife,
  M16Rerouting,
  M17GrantHistory,
  M18Signals,
  M19Departures,
  M20RequestLines,
  M21RequestTime,
  M22RequestTerms,
  M23Duties,
  M24RepeatedForms,
  M25RequestQuestions,
  M26WaitingLists,
  M27EndingAccess,
  M28AbandonedMail,
].map((migration) => ({ name: migration.name, class: migration }));
