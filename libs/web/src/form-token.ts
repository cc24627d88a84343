import type { Request, Response } from 'express';
import { type Actor, keyedHash, newToken, sameText } from '#kernel';
import type { Settings } from '#settings';
import { webProblems } from './problems.js';

type Visitor = Request & { actor?: Actor; browserId?: string };

/** `__Host-` where the public origin is https; a plain name on a local system (SE-2). Cookies ignore ports, so names differ by app. */
export const cookieName = (origin: string, name: string): string =>
  origin.startsWith('https://') ? `__Host-${name}` : name;

/** Reads one cookie; undefined when absent, sent twice or damaged. */
export function cookieOf(request: Request, name: string): string | undefined {
  const found = (request.headers.cookie ?? '').split(/;\s*/).filter((pair) => pair.startsWith(`${name}=`));
  const text = found.length === 1 ? found[0]!.slice(name.length + 1) : undefined;
  try {
    return text && decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Every browser gets a random id, so that forms of people who are not signed in carry a bound token too (login CSRF). */
export function rememberBrowser(request: Visitor, response: Response, origin: string, client: string): void {
  const name = cookieName(origin, `edlink_${client}_browser`);
  request.browserId = cookieOf(request, name);
  if (!request.browserId || request.browserId.length !== 43) {
    request.browserId = newToken();
    response.cookie(name, request.browserId, {
      httpOnly: true,
      secure: origin.startsWith('https://'),
      sameSite: 'lax',
      path: '/',
    });
  }
}

const tokenWith = (secret: string, request: Visitor): string =>
  keyedHash(secret, 'form-token', `${request.browserId}\0${request.actor?.session ?? ''}`);

/** The token a form of this page carries in `_token`; bound to browser and session. */
export const formToken = (request: Visitor, settings: Settings): string =>
  tokenWith(settings.COOKIE_SECRETS[0]!, request);

/** Refuses a change that did not come from a form of ours in this session (WB-1). */
export function checkFormToken(request: Visitor, settings: Settings, origin: string): void {
  const refusal = { action: 'form.submit', target: `${request.method} ${request.path}` };
  const again =
    'The form was open too long or came from another page. Go back, load the page again and send it once more. Nothing was changed.';
  const from = request.headers.origin;
  const site = request.headers['sec-fetch-site'];
  if ((from !== undefined && from !== origin) || (site !== undefined && site !== 'same-origin' && site !== 'none'))
    throw webProblems.formExpired(again, { refusal });
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded') && !type.startsWith('application/json'))
    throw webProblems.formExpired(again, { refusal });
  const token = (request.body as Record<string, unknown> | undefined)?._token;
  const valid =
    typeof token === 'string' && settings.COOKIE_SECRETS.some((secret) => sameText(token, tokenWith(secret, request)));
  if (!valid) throw webProblems.formExpired(again, { refusal });
}
