// What every app with pages shares: the page frame, forms and their tokens, headers, access, the problem page. Knows no domain.
export { Access, AccessGuard, CurrentActor } from './access.js';
export { addressOf } from './address.js';
export { isBusy } from './busy.js';
export { checkForm, type CheckedForm } from './check-form.js';
export { type Choice, Choices, type ChoicesProps } from './choices.js';
export { configureWeb, routesOf, type Route, serveAssets } from './configure-web.js';
export { cookieName, cookieOf, formToken } from './form-token.js';
export { localPath } from './local-path.js';
export { noticeOf } from './notice-of.js';
export { type NavigationLink, type SessionLeft, WEB_OPTIONS, type WebOptions } from './options.js';
export * from './page.js';
export * from './parts.js';
export { Pages } from './pages.js';
export { webProblems } from './problems.js';
export { RepeatedForms } from './repeated-forms.js';
export { Repeat, type RepeatWay } from './repeat.js';
export { endSession, renewSession, sessionLeft, sessions } from './session.js';
export { Select } from './select.js';
export { sessionEnd, sessionLimits, SessionStore } from './session-store.js';
export { Steps } from './steps.js';
export { type FieldProps, TextField } from './text-field.js';
export { mustTellOnPage } from './told-on-page.js';
export { WebModule } from './web.module.js';
export { WebSession } from './web-session.js';
import { RepeatedForm } from './repeated-form.js';
import { WebSession } from './web-session.js';

export const webEntities = [WebSession, RepeatedForm];
