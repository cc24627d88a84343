import type { Settings } from '#settings';
import type { OidcHost } from '#tokens';
import { addressOf, type WebOptions } from '#web';

/** What the page kit needs to know about the issuer. Who is signed in, the OpenID Connect session says. */
export const issuerOptions = (settings: Settings, oidc: OidcHost): WebOptions => ({
  client: 'issuer',
  title: 'EdLink account',
  origin: settings.ISSUER_ORIGIN,
  formTargets: oidc.formTargets,
  signInPath: `${settings.PORTAL_ORIGIN}/sign-in`,
  returnTo: 'account',
  actorOf: async (request, response) => {
    const session = await oidc.sessionOf(request, response);
    return {
      client: 'issuer',
      accountId: session?.accountId,
      session: session?.sessionRef,
      address: addressOf(request),
    };
  },
  rules: {},
  navigation: async (actor) =>
    actor.accountId
      ? [
          { label: 'Your account', href: '/account' },
          { label: 'EdLink Security', href: settings.PORTAL_ORIGIN },
        ]
      : [
          { label: 'Register', href: '/register' },
          { label: 'Sign in', href: `${settings.PORTAL_ORIGIN}/sign-in` },
        ],
});
