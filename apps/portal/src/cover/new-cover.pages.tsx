import type { VNode } from 'preact';
import type { FieldFault, Problem } from '#kernel';
import { Choices, Facts, Page, type PageFrame, PersonName, TextField, Token } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';
import type { CoverableScope } from './cover-list.page.js';

interface FindCoverProps {
  frame: PageFrame;
  scope: CoverableScope;
  text?: string;
  /** Absent before anything was looked for. */
  found?: { staffMemberId: string; name: string; about: string }[];
}

/** Whom to name: a search among those who may cover. */
export const FindCoverPage = ({ frame, scope, text, found }: FindCoverProps): VNode => (
  <Page frame={frame} title="Who covers for you?">
    <p>You are coordinator {scope.words}. Anybody who works or decides there can cover.</p>
    <form method="get" action="/cover/new" role="search">
      <input type="hidden" name="for" value={scope.id} />
      <div class="usa-form-group">
        <label class="usa-label" for="q">
          Name or Staff ID
        </label>
        <div class="edlink-search">
          <input class="usa-input" id="q" name="q" type="search" autocomplete="off" maxLength={100} value={text} />
          <button class="usa-button" type="submit">
            Search
          </button>
        </div>
      </div>
    </form>
    <p role="status">
      {found &&
        (found.length
          ? `${found.length} ${found.length === 1 ? 'person' : 'people'} found. Choose one from the list below.`
          : 'Nobody found. Try another part of the name, or the Staff ID.')}
    </p>
    <ul class="edlink-places">
      {found?.map(({ staffMemberId, name, about }) => (
        <li>
          <a href={`/cover/new?${new URLSearchParams({ for: scope.id, person: staffMemberId })}`}>
            <strong>
              <PersonName>{name}</PersonName>
            </strong>
            {about}
          </a>
        </li>
      ))}
    </ul>
    <p>
      <a href="/cover">Cancel</a>
    </p>
  </Page>
);

/** What the form of a cover offers. */
export interface CoverOffer {
  scope: CoverableScope;
  person: { staffMemberId: string; name: string; unsigned: boolean };
  /** Applications the assignment decides; one: nothing to choose. */
  applications: { code: string; name: string }[];
  /** Sites of the assignment to choose from; absent where they are too many: the cover is for all of them. */
  sites?: { code: string; name: string }[];
}

interface CoverFormProps {
  frame: PageFrame;
  offer: CoverOffer;
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

const list = (value: unknown): string[] => ([] as unknown[]).concat(value ?? []).map(String);

/** For which days, applications and sites. Nothing is saved before the next page. */
export const CoverFormPage = ({ frame, offer, faults, problem, typed }: CoverFormProps): VNode => (
  <Page frame={frame} title="For which days?" faults={faults}>
    {problem && <ProblemAlert problem={problem} />}
    <CoverFacts offer={offer} />
    <form method="post" action="/cover" novalidate>
      <Token frame={frame} />
      <input type="hidden" name="for" value={offer.scope.id} />
      <input type="hidden" name="person" value={offer.person.staffMemberId} />
      <TextField name="fromDay" type="date" label="First day away" faults={faults} typed={typed} />
      <TextField
        name="lastDay"
        type="date"
        label="Last day away"
        hint="At most 180 days. The cover ends by itself."
        faults={faults}
        typed={typed}
      />
      {offer.applications.length > 1 && (
        <Choices
          name="application"
          type="radio"
          legend="For which application?"
          choices={[
            { value: '', label: 'All that you decide' },
            ...offer.applications.map(({ code, name }) => ({ value: code, label: `${name} only` })),
          ]}
          chosen={[String(typed?.application ?? '')]}
          faults={faults}
        />
      )}
      {offer.sites && offer.sites.length > 1 && (
        <details class="edlink-more" open={list(typed?.site).length > 0}>
          <summary>Only for some of your sites</summary>
          <Choices
            name="site"
            type="checkbox"
            legend="For which sites?"
            hint="Choose none for all of your sites."
            choices={offer.sites.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))}
            chosen={list(typed?.site)}
            faults={faults}
          />
        </details>
      )}
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          See what happens
        </button>
        <a href="/cover">Cancel</a>
      </div>
    </form>
  </Page>
);

const CoverFacts = ({ offer }: { offer: CoverOffer }): VNode => (
  <Facts
    facts={[
      ['You are', `Coordinator ${offer.scope.words}`],
      ['Covered by', <PersonName>{offer.person.name}</PersonName>],
    ]}
  />
);
