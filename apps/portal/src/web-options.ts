import type { Clock } from '#kernel';
import type { Settings } from '#settings';
import { sessionLeft, type WebOptions } from '#web';
import type { Visitors } from './visitors.js';

const notCoordinator = {
  detail:
    'This page is not open to you. It is for coordinators, and today you are none. What waited for you goes to those who decide now. Your own access and requests are on the home page.',
  link: { label: 'Look up who decides at your place now', href: '/find-coordinator' },
};

/** What the page kit needs to know about the portal. */
export const portalOptions = (settings: Settings, clock: Clock, visitors: Visitors): WebOptions => ({
  client: 'portal',
  title: 'EdLink Security',
  origin: settings.PORTAL_ORIGIN,
  // Signing out leads through the issuer.
  formTargets: [settings.ISSUER_ORIGIN],
  signInPath: '/sign-in',
  actorOf: (request) => visitors.actorOf(request),
  rules: {
    coordinator: (actor) => visitors.isCoordinator(actor),
    'state-desk': (actor) => visitors.isStateDesk(actor),
    head: (actor) => visitors.isHead(actor),
    decider: (actor) => visitors.isDecider(actor),
    duties: async (actor) => (await visitors.isStateDesk(actor)) || visitors.isHead(actor),
  },
  refusals: { coordinator: notCoordinator, decider: notCoordinator },
  keyedForms: true,
  navigation: (actor) => visitors.navigation(actor),
  sessionLeft: (request) => sessionLeft(request, clock, '/session/extend'),
});
