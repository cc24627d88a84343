import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Verdict } from './entitlement.js';

const { base, Check, Prompt } = interactionPolicy;

/**
 * What stands between a person and an application: signing in, then being entitled. There is no consent page: the
 * applications are the state's own, and what they are told is fixed by contract (docs/claims.md).
 * @param verdictOf the one entitlement function, remembered per request
 */
export function policyOf(verdictOf: (ctx: KoaContextWithOIDC) => Promise<Verdict>): interactionPolicy.Prompt[] {
  const policy = base();
  policy.remove('consent');
  policy.add(
    new Prompt(
      { name: 'entitlement' },
      new Check(
        'not_entitled',
        'this person has no permission for the application now',
        'access_denied',
        async (ctx) => !(await verdictOf(ctx)).ok,
        async (ctx) => ({ ...(await verdictOf(ctx)) }),
      ),
    ),
  );
  return policy;
}
