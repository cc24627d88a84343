import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { VerifiedAccess } from '#guard';
import { type Duty, duties, requestAddress } from './duties.js';
import type { EserOptions } from './options.js';

interface Frame {
  title: string;
  /** Present when somebody is signed in: the token of the sign-out form. */
  formToken?: string;
  children: ComponentChildren;
}

/** A whole page: USWDS, no script, no inline style. */
function Page({ title, formToken, children }: Frame): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · eSER`}</title>
        <link rel="stylesheet" href="/assets/uswds/css/uswds.min.css" />
        <link rel="stylesheet" href="/assets/eser/eser.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <a class="usa-skipnav" href="#main-content">
          Skip to main content
        </a>
        <header class="usa-header usa-header--basic border-bottom border-base-lighter">
          <div class="grid-container padding-y-2 display-flex flex-row flex-justify flex-align-center">
            <a class="text-bold text-no-underline text-ink font-sans-lg" href="/">
              eSER
            </a>
            {formToken && (
              <form method="post" action="/sign-out">
                <input type="hidden" name="_token" value={formToken} />
                <button class="usa-button usa-button--outline" type="submit">
                  Sign out
                </button>
              </form>
            )}
          </div>
        </header>
        <main id="main-content" class="grid-container padding-y-4">
          <h1>{title}</h1>
          {children}
        </main>
        <footer class="usa-footer usa-footer--slim">
          <div class="grid-container padding-y-2">
            <p class="font-sans-2xs">
              A sample application: it shows what a real one does with EdLink Security, and keeps no records.
            </p>
          </div>
        </footer>
      </body>
    </html>
  );
}

const render = (page: VNode): string => `<!doctype html>${renderToString(page)}`;

/** "all sites of system 001" stays one entry, as it is one in the token. */
function Places({ systems, sites }: { systems: string[]; sites: string[] }): VNode {
  return (
    <ul class="usa-list">
      {systems.map((code) => (
        <li>All sites of school system {code}</li>
      ))}
      {sites.map((code) => (
        <li>Site {code}</li>
      ))}
    </ul>
  );
}

export const welcomePage = (): string =>
  render(
    <Page title="Special Education Reporting">
      <p class="usa-intro">Sign in with your EdLink account. What you may do here is decided in EdLink Security.</p>
      <a class="usa-button" href="/sign-in">
        Sign in
      </a>
    </Page>,
  );

/** What the person may do, and where. */
export const homePage = (access: VerifiedAccess, formToken: string): string =>
  render(
    <Page title="What you may do, and where" formToken={formToken}>
      <p>
        Staff ID <span class="text-bold">{access.staffId}</span>
      </p>
      <ul class="usa-card-group">
        {duties.map((duty) => {
          const where = access.where(duty.permission);
          return (
            <li class="usa-card tablet:grid-col-6">
              <div class="usa-card__container">
                <div class="usa-card__header">
                  <h2 class="usa-card__heading">
                    <a href={`/duties/${duty.path}`}>{duty.title}</a>
                  </h2>
                </div>
                <div class="usa-card__body">
                  <p>{duty.about}</p>
                  {where ? (
                    <Places {...where} />
                  ) : (
                    <p class="text-base-dark">Not open to you: needs “{duty.permissionName}”.</p>
                  )}
                </div>
              </div>
            </li>
          );
        })}
      </ul>
    </Page>,
  );

interface DutyModel {
  duty: Duty;
  where: { systems: string[]; sites: string[] };
  formToken: string;
  /** The place the person asked about, and whether it is open. */
  asked?: { system: string; site?: string; open: boolean };
}

/** A duty the person has somewhere. */
export const dutyPage = ({ duty, where, formToken, asked }: DutyModel): string =>
  render(
    <Page title={duty.title} formToken={formToken}>
      {asked && (
        <div class={`usa-alert ${asked.open ? 'usa-alert--success' : 'usa-alert--error'}`} role="status">
          <div class="usa-alert__body">
            <p class="usa-alert__text">
              {asked.open ? 'Open to you' : 'Not open to you'}:{' '}
              {asked.site ? `site ${asked.site} of school system ${asked.system}` : `school system ${asked.system}`}.
            </p>
          </div>
        </div>
      )}
      <p class="usa-intro">{duty.about}</p>
      <p>“{duty.permissionName}” is yours here:</p>
      <Places {...where} />
      <h2>Open a place</h2>
      <form class="usa-form" method="get" action={`/duties/${duty.path}`}>
        <label class="usa-label" for="system">
          School system
        </label>
        <span class="usa-hint" id="system-hint">
          Its code, such as 001
        </span>
        <input
          class="usa-input"
          id="system"
          name="system"
          maxLength={30}
          required
          aria-describedby="system-hint"
          value={asked?.system}
        />
        <label class="usa-label" for="site">
          Site <span class="usa-hint">(leave empty for the whole system)</span>
        </label>
        <span class="usa-hint" id="site-hint">
          Its code, such as 001005
        </span>
        <input
          class="usa-input"
          id="site"
          name="site"
          maxLength={30}
          aria-describedby="site-hint"
          value={asked?.site}
        />
        <button class="usa-button" type="submit">
          Open
        </button>
      </form>
    </Page>,
  );

/** Names what is missing, and leads to where it is asked for. */
function Missing({ wanted, portal }: { wanted: Duty[]; portal: string }): VNode {
  return (
    <table class="usa-table">
      <thead>
        <tr>
          <th scope="col">To do this</th>
          <th scope="col">you need</th>
          <th scope="col">Ask for it</th>
        </tr>
      </thead>
      <tbody>
        {wanted.map((duty) => (
          <tr>
            <td>{duty.title}</td>
            <td>{duty.permissionName}</td>
            <td>
              <a href={requestAddress(portal, duty)}>Request {duty.permissionName}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A duty the person has nowhere. */
export const refusedPage = (duty: Duty, { portal }: EserOptions, formToken: string): string =>
  render(
    <Page title="Not open to you" formToken={formToken}>
      <p class="usa-intro">
        “{duty.title}” needs the permission “{duty.permissionName}”, which you do not have. Ask for it in EdLink
        Security; once it is approved this page opens, at the latest five minutes later.
      </p>
      <Missing wanted={[duty]} portal={portal} />
    </Page>,
  );

/** The issuer let nobody through: no permission for this application at all. */
export const noPermissionPage = (description: string, { portal }: EserOptions): string =>
  render(
    <Page title="You have no permission for eSER yet">
      <p class="usa-intro">
        Any one of these lets you in. Choose the one your work needs and ask for it in EdLink Security; your coordinator
        decides.
      </p>
      {description && <p>EdLink Security says: {description}</p>}
      <Missing wanted={duties} portal={portal} />
      <p>
        Approved already? <a href="/sign-in">Sign in again</a>
      </p>
    </Page>,
  );

/** A page with one calm sentence and a way on. */
export const notePage = (title: string, text: string, formToken?: string): string =>
  render(
    <Page title={title} formToken={formToken}>
      <p class="usa-intro">{text}</p>
      <a class="usa-button" href="/">
        Go to the first page
      </a>
    </Page>,
  );
