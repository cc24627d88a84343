import type { VNode } from 'preact';
import type { OwnAccess } from '#compliance';
import type { FieldFault } from '#kernel';
import { ButtonLink, Facts, Page, type PageFrame, TextField, Token } from '#web';
import { periodOf, toldOnEnd } from './access-words.js';

interface GiveUpProps {
  frame: PageFrame;
  one: OwnAccess;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** Says what giving up means before it is done. */
export const GiveUpPage = ({ frame, one, faults, typed }: GiveUpProps): VNode => (
  <Page frame={frame} title={`Give up ${one.permission}?`} faults={faults}>
    <WhatItIs one={one} />
    <p>
      It ends as soon as you confirm. {one.standing === 'begins' ? 'It will not begin.' : toldOnEnd(one)} If you need it
      again later, you ask anew and a coordinator decides.
    </p>
    <form class="edlink-form" method="post" action={`/access/${one.grantId}/give-up`} novalidate>
      <Token frame={frame} />
      <TextField
        name="reason"
        label="Why you no longer need it"
        hint="Kept with your access, for those who look after it."
        rows={2}
        required={false}
        faults={faults}
        typed={typed}
      />
      <div class="edlink-actions">
        <button class="usa-button usa-button--secondary" type="submit">
          Give it up
        </button>
        <ButtonLink href="/access" quiet>
          Keep it
        </ButtonLink>
      </div>
    </form>
  </Page>
);

/** The access a page is about. */
export const WhatItIs = ({ one }: { one: OwnAccess }): VNode => (
  <Facts
    facts={[
      ['Application', one.application],
      ['Permission', one.permission],
      ['Where', `${one.place}${one.whole ? ', the whole school system' : ''}`],
      ['How long', periodOf(one)],
    ]}
  />
);
