/**
 * What a page says after something was done there: redirects name it in the address (`?done=saved`).
 * @param done as it stands in the address; anything unknown says nothing
 */
export const noticeOf = (notices: Record<string, string>, done: unknown): string | undefined =>
  typeof done === 'string' && Object.hasOwn(notices, done) ? notices[done] : undefined;
