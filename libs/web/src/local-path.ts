/**
 * A path of our own, or the fallback: what `returnTo` may be (WB-3).
 * It starts with one `/` and, parsed against the own origin, is the very same text.
 */
export function localPath(text: unknown, origin: string, fallback = '/'): string {
  if (typeof text !== 'string' || text.length > 2000 || !/^\/[^/\\]|^\/$/.test(text)) return fallback;
  if (!URL.canParse(text, origin)) return fallback;
  const url = new URL(text, origin);
  return url.origin === origin && `${url.pathname}${url.search}${url.hash}` === text ? text : fallback;
}
