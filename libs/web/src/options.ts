import type { Actor, SignedIn } from '#kernel';
import type { Request, Response } from 'express';

/** What an app tells the web lib about itself. */
export interface WebOptions {
  client: Actor['client'];
  /** Name in the page header. */
  title: string;
  /** Public origin: redirects, the CSRF origin check, cookie flags. */
  origin: string;
  /** Other origins a form of ours may end up at after redirects (CSP form-action), such as a relying party's. */
  formTargets: string[];
  /** Where GET of a page that needs sign-in sends a stranger; `returnTo` is appended. */
  signInPath: string;
  /** What `returnTo` says in place of the path, where sign-in is at another app that knows the page by a word. */
  returnTo?: string;
  /** Who is at this browser. Never trusts anything but the session. */
  actorOf(request: Request, response: Response): Promise<Actor>;
  /** Rules beyond `anyone` and `signed-in`, by name: whether this signed-in person may. */
  rules: Record<string, (actor: SignedIn) => Promise<boolean>>;
  /** What whoever a rule refuses is told and led to, by the name of the rule; general words where there is nothing. */
  refusals?: Record<string, { detail: string; link: NavigationLink }>;
  /** Forms carry a key, and every POST declares with `@Repeat` what becomes of it when it comes twice. */
  keyedForms?: true;
  /** Links of the header for this actor. */
  navigation(actor: Actor): Promise<NavigationLink[]>;
  /** How long the session of this browser still lives; with it, pages warn before it ends (SE-3). */
  sessionLeft?(request: Request): SessionLeft | undefined;
}

export interface NavigationLink {
  label: string;
  href: string;
  /** How many things wait there; shown when above zero. */
  count?: number;
  /** What the number counts, for those who hear it: "new"; "waiting" when left out. */
  counted?: string;
}

/** Seconds, and where a POST keeps the session alive. */
export interface SessionLeft {
  idle: number;
  overall: number;
  extendPath: string;
}

export const WEB_OPTIONS = Symbol('web options');
