import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Request } from 'express';
import type { Actor, FieldFault, Problem } from '#kernel';
import type { NavigationLink, SessionLeft } from './options.js';

/** What every page knows: who looks at it, the header, the token for its forms. Made per request by `Pages`. */
export interface PageFrame {
  appTitle: string;
  navigation: NavigationLink[];
  path: string;
  token: string;
  /** A new key for one form of this rendering; absent where forms need none. */
  newKey?: () => string;
  actor: Actor;
  session?: SessionLeft;
}

export interface PageProps {
  frame: PageFrame;
  title: string;
  /** Faults of the form on this page, told in a summary on top. */
  faults?: FieldFault[];
  /** A calm line on top after something was done. */
  notice?: string;
  children: ComponentChildren;
}

/** A whole page: banner, header, main, footer; USWDS, no inline script or style. */
export function Page({ frame, title, faults, notice, children }: PageProps): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${faults?.length ? 'Error: ' : ''}${title} · ${frame.appTitle}`}</title>
        <link rel="stylesheet" href="/assets/uswds/css/uswds.min.css" />
        <link rel="stylesheet" href="/assets/edlink/edlink.css" />
        <link rel="icon" href="/assets/edlink/icon.svg" type="image/svg+xml" />
        <script src="/assets/uswds/js/uswds-init.min.js"></script>
        <script src="/assets/edlink/edlink.js" defer></script>
      </head>
      <body {...sessionMarks(frame)}>
        <a class="usa-skipnav" href="#main-content">
          Skip to main content
        </a>
        <header class="usa-header usa-header--basic edlink-header">
          <div class="usa-nav-container">
            <div class="usa-navbar">
              <div class="usa-logo">
                <em class="usa-logo__text">
                  <a href="/">
                    <img src="/assets/edlink/icon.svg" alt="" width="28" height="28" />
                    {frame.appTitle}
                  </a>
                </em>
              </div>
            </div>
            <nav aria-label="Main" class="edlink-nav">
              <ul>
                {frame.navigation.map((link) => (
                  <li>
                    <a href={link.href} aria-current={isHere(link.href, frame.path) ? 'page' : undefined}>
                      {link.label}
                      {!!link.count && (
                        <span class="edlink-count">
                          {link.count > 99 ? '99+' : link.count}
                          <span class="usa-sr-only"> {link.counted ?? 'waiting'}</span>
                        </span>
                      )}
                    </a>
                  </li>
                ))}
                {frame.actor.accountId && (
                  <li>
                    <form method="post" action="/sign-out">
                      <Token frame={frame} />
                      <button type="submit" class="usa-button usa-button--unstyled">
                        Sign out
                      </button>
                    </form>
                  </li>
                )}
              </ul>
            </nav>
          </div>
        </header>
        <main id="main-content" class="grid-container edlink-main">
          {notice && (
            <div class="usa-alert usa-alert--success" role="status">
              <div class="usa-alert__body">
                <p class="usa-alert__text">{notice}</p>
              </div>
            </div>
          )}
          <FaultSummary faults={faults} />
          <h1>{title}</h1>
          {children}
        </main>
        <footer class="edlink-footer">
          <div class="grid-container">
            <p>EdLink Security protects the records of children with disabilities. Use it only for your work.</p>
          </div>
        </footer>
      </body>
    </html>
  );
}

/** Whether a link of the header leads to this page or to the list it belongs to. */
const isHere = (href: string, path: string): boolean => href === path || (href !== '/' && path.startsWith(`${href}/`));

/** What edlink.js needs to warn in time and to extend (SE-3); nothing secret that the forms of the page do not carry too. */
function sessionMarks({ actor, session, token }: PageFrame): Record<string, string | number | undefined> {
  if (!actor.accountId) return {};
  if (!session) return { 'data-session': 'open' };
  return {
    'data-session': 'open',
    'data-session-idle': session.idle,
    'data-session-overall': session.overall,
    'data-session-extend': session.extendPath,
    'data-token': token,
  };
}

/** The faults of a form, each a link to its field. */
function FaultSummary({ faults }: { faults?: FieldFault[] }): VNode | null {
  if (!faults?.length) return null;
  return (
    <div class="usa-alert usa-alert--error" role="alert" tabIndex={-1} id="faults">
      <div class="usa-alert__body">
        <h2 class="usa-alert__heading">
          {faults.length === 1 ? 'One thing needs your attention' : `${faults.length} things need your attention`}
        </h2>
        <ul class="usa-list">
          {faults.map((fault) => (
            <li>
              <a href={`#${fault.field}`}>{fault.message}</a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What every form carries, hidden: the token of this session, and the key that tells this form from all others. */
export const Token = ({ frame }: { frame: PageFrame }): VNode => (
  <>
    <input type="hidden" name="_token" value={frame.token} />
    {frame.newKey && <input type="hidden" name="_key" value={frame.newKey()} />}
  </>
);

/** HTML of a page. */
export const render = (page: VNode): string => `<!doctype html>${renderToString(page)}`;

export type PageRequest = Request & {
  actor: Actor;
  browserId?: string;
  /** Refusals that a page of the handler tells, for the audit log. */
  refusals?: Problem[];
};
