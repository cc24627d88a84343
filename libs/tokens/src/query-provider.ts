import Provider from 'oidc-provider';

type Mode = Parameters<Provider['registerResponseMode']>;

/**
 * The library's provider with one way back to the application: the query. It also takes the place of `fragment`, which
 * the library uses to refuse response types; what others are asked for is refused.
 */
export class QueryProvider extends Provider {
  override registerResponseMode(name: Mode[0], handler: Mode[1]): void {
    if (name !== 'query') return;
    super.registerResponseMode('query', handler);
    super.registerResponseMode('fragment', handler);
  }
}
