import type { VNode } from 'preact';
import type { OwnAccess } from '#compliance';
import { readableDate } from '#kernel';
import { ButtonLink, Empty, Page, type PageFrame, PersonName, TypedText } from '#web';
import { StandingTag } from '../parts/standing.js';
import { endingOf, periodOf } from './access-words.js';

interface AccessProps {
  frame: PageFrame;
  notice?: string;
  access: OwnAccess[];
  /** Whether the Staff ID is linked; before that nothing can be asked for. */
  linked: boolean;
}

/** What somebody may use, where, how long and by whose word; how to keep it, and how to give it up. */
export const MyAccessPage = ({ frame, notice, access, linked }: AccessProps): VNode => {
  const now = access.filter(({ standing }) => standing !== 'ended');
  const over = access.filter(({ standing }) => standing === 'ended');
  const applications = [...new Set(now.map(({ application }) => application))].sort();
  return (
    <Page frame={frame} title="My access" notice={notice}>
      <p>What you may use and where, until when, and who approved it. What you no longer need you can give up here.</p>
      {now.length === 0 && <Nothing linked={linked} />}
      {applications.map((application) => (
        <>
          <h2>{application}</h2>
          <ul class="edlink-list">
            {now
              .filter((one) => one.application === application)
              .map((one) => (
                <Held one={one} />
              ))}
          </ul>
        </>
      ))}
      <div class="edlink-actions">
        {linked ? (
          <ButtonLink href="/requests/new">Request permission</ButtonLink>
        ) : (
          <ButtonLink href="/staff-id">Link your Staff ID</ButtonLink>
        )}
      </div>
      {over.length > 0 && (
        <>
          <h2>Ended in the last year</h2>
          <ul class="edlink-list">
            {over.map((one) => (
              <li>
                <p>
                  {one.permission} in {one.application} at {one.place} <StandingTag standing={one.standing} />
                </p>
                <p class="edlink-quiet">{endingOf(one)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </Page>
  );
};

const Nothing = ({ linked }: { linked: boolean }): VNode => (
  <Empty>
    <p>
      You have no access now.{' '}
      {linked
        ? 'Request what you need for your work; the page shows who decides before you send it.'
        : 'First link your Staff ID; then you can request what you need.'}
    </p>
  </Empty>
);

const Held = ({ one }: { one: OwnAccess }): VNode => (
  <li id={`access-${one.grantId}`}>
    <h3>
      {one.permission} <StandingTag standing={one.standing} />
    </h3>
    <p>
      At <strong>{one.place}</strong>
      {one.whole && ', the whole school system'}. {one.about}
    </p>
    <p>{periodOf(one)}</p>
    <Why one={one} />
    <p class="edlink-quiet">
      <Approved one={one} />
    </p>
    <Ways one={one} />
  </li>
);

/** Why it cannot be used for now, and what helps. */
function Why({ one: { standing, reason, application } }: { one: OwnAccess }): VNode | null {
  if (standing === 'rests')
    return (
      <p>
        It rests because you did not use {application} for a while. Your <a href="/find-coordinator">coordinator</a> can
        let it go on.
      </p>
    );
  if (standing !== 'suspended') return null;
  return (
    <>
      <p>
        It cannot be used for now. Your <a href="/find-coordinator">coordinator</a> can let it go on.
      </p>
      {reason && <TypedText>{`Reason: ${reason}`}</TypedText>}
    </>
  );
}

const Approved = ({ one: { approved } }: { one: OwnAccess }): VNode => (
  <>
    {approved.by ? (
      <>
        Approved by <PersonName>{approved.by}</PersonName> on {readableDate(approved.at)}
      </>
    ) : (
      <>Given on {readableDate(approved.at)}</>
    )}
    {approved.request && (
      <>
        , request <a href={`/requests/${approved.request.id}`}>{approved.request.reference}</a>
      </>
    )}
    .
  </>
);

/** What can be done with it. The links say of what, for those who hear them out of their place. */
const Ways = ({ one }: { one: OwnAccess }): VNode => {
  const { grantId, permission, place, toAt, standing, asked } = one;
  const of = (
    <span class="usa-sr-only">
      : {permission} at {place}
    </span>
  );
  const mayAsk = toAt && (standing === 'active' || standing === 'ends-soon');
  return (
    <p class="edlink-links">
      {asked && (
        <span>
          You asked to keep it longer: <a href={`/requests/${asked.id}`}>{asked.reference}</a>
        </span>
      )}
      {mayAsk && !asked && (
        <a href={`/access/${grantId}/longer`}>
          Ask to keep it longer
          {of}
        </a>
      )}
      <a href={`/access/${grantId}/give-up`}>
        Give it up
        {of}
      </a>
    </p>
  );
};
