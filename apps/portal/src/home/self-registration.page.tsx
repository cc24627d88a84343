import type { VNode } from 'preact';
import type { FormerAccess, OwnAccess } from '#compliance';
import type { Listed } from '#kernel';
import type { ProposalView, RequestSummary } from '#requests';
import { Alert, ButtonLink, Empty, Facts, Page, type PageFrame, PersonName, Steps } from '#web';
import { readableLast, readableLastDay } from '../parts/days.js';
import { StandingTag } from '../parts/standing.js';
import { boundedCount, capital } from '../parts/bounded-count.js';
import { RequestList } from '../requests/request-list.js';
import { stepAddress } from '../requests/wish.js';
import { setUpSteps, stepOf } from '../set-up-steps.js';

interface SelfRegistrationProps {
  frame: PageFrame;
  notice?: string;
  account: { userName: string; firstName: string; lastName: string; email: string };
  /** Absent until the Staff ID is linked. */
  member?: { staffId: string };
  /** What is held now, or will be. */
  access: OwnAccess[];
  /** The newest. */
  requests: Listed<RequestSummary>;
  /** A designation as coordinator that waits for this person to ask for access. */
  designation?: string;
  /** What coordinators entered for this person, to confirm or to decline. */
  proposals: ProposalView[];
  /** Requests in which whoever decides waits for this person. */
  wanted: { id: string; reference: string }[];
  /** What this person had before leaving, and may ask for again. */
  former: FormerAccess[];
  accountPage: string;
}

/** "Self Registration": who this is, how far the set-up has come, what is held and what was asked for. */
export function SelfRegistrationPage({
  frame,
  notice,
  account,
  member,
  access,
  requests: { items: requests, next },
  designation,
  proposals,
  wanted,
  former,
  accountPage,
}: SelfRegistrationProps): VNode {
  const asked = requests.some((request) => request.lines.some((line) => line.status !== 'withdrawn'));
  const step = stepOf({ linked: !!member, asked, granted: access.length > 0 });
  return (
    <Page frame={frame} title="Self Registration" notice={notice}>
      {designation && <AskForAccess id={designation} />}
      {proposals.length > 0 && <ToConfirm proposals={proposals} />}
      {wanted.length > 0 && <ToAnswer wanted={wanted} />}
      {former.length > 0 && <AskAgain former={former} />}
      <ToSign frame={frame} />
      <ForOthers frame={frame} />
      <Steps steps={setUpSteps} at={step} />
      {wanted.length === 0 && (step !== 2 || !linkTo(frame, '/review')) && <Next step={step} requests={requests} />}
      <Facts
        facts={[
          [
            'Name',
            <PersonName>
              {account.firstName} {account.lastName}
            </PersonName>,
          ],
          ['Email', account.email],
          ['User Id', account.userName],
          ['Staff Id', member ? member.staffId : <a href="/staff-id">Link your Staff ID</a>],
        ]}
      />
      <p>
        <a href={accountPage}>Change your passphrase or e-mail</a>
      </p>
      <h2>Permissions</h2>
      {access.length === 0 ? (
        <Empty>
          <p>
            You hold no permissions yet.{' '}
            {member
              ? 'Request what you need for your work.'
              : 'First link your Staff ID; then you can request what you need.'}
          </p>
        </Empty>
      ) : (
        <Held access={access} />
      )}
      {member && (
        <p>
          <a href="/access">My access</a>: how long it lasts, who approved it, how to keep it or give it up, and what
          has ended.
        </p>
      )}
      <div class="edlink-actions">
        {member ? (
          <ButtonLink href="/requests/new">Request permission</ButtonLink>
        ) : (
          <ButtonLink href="/staff-id">Link your Staff ID</ButtonLink>
        )}
      </div>
      <h2>My requests</h2>
      {requests.length === 0 ? (
        <Empty>
          <p>You have not asked for anything yet. What you ask for is kept here, with how it stands and who decides.</p>
        </Empty>
      ) : (
        <>
          <RequestList requests={requests} />
          {next !== undefined && (
            <p>
              <a href="/requests">All your requests</a>
            </p>
          )}
        </>
      )}
    </Page>
  );
}

/** A link of the header, for those it is open to. */
const linkTo = (frame: PageFrame, href: string): PageFrame['navigation'][number] | undefined =>
  frame.navigation.find((link) => link.href === href);

const ToAnswer = ({ wanted }: Pick<SelfRegistrationProps, 'wanted'>): VNode => (
  <Alert kind="warning" heading="Your answer is wanted">
    <p>Whoever decides asks you something, or offers you less than you asked for. It waits until you answer.</p>
    <ul class="usa-list">
      {wanted.map(({ id, reference }) => (
        <li>
          <a href={`/requests/${id}`}>Answer in {reference}</a>
        </li>
      ))}
    </ul>
  </Alert>
);

const ToConfirm = ({ proposals }: { proposals: ProposalView[] }): VNode => (
  <Alert kind="info" heading="A request was entered for you: please confirm">
    <ul class="usa-list">
      {proposals.map(({ id, by, lapsesOn }) => (
        <li>
          <a href={`/proposals/${id}`}>
            Entered by <PersonName>{by}</PersonName>
          </a>
          : confirm or decline it by {readableLastDay(lapsesOn)}
        </li>
      ))}
    </ul>
  </Alert>
);

const AskForAccess = ({ id }: { id: string }): VNode => (
  <Alert kind="info" heading="You were designated as a security coordinator">
    <p>
      The state office approved it. Read what you would decide for, sign the statement and{' '}
      <a href={`/coordinator-access/${id}`}>ask for access</a>.
    </p>
  </Alert>
);

/** Who comes back asks anew: nothing returns by itself. */
const AskAgain = ({ former }: { former: FormerAccess[] }): VNode => (
  <Alert kind="info" heading="Welcome back">
    <p>Your access ended when you left. What you had can be asked for again; a coordinator decides.</p>
    <ul class="usa-list">
      {former.map((wish) => (
        <li>
          {wish.words.join('; ')}. <a href={stepAddress(wish)}>Ask for it again</a>
        </li>
      ))}
    </ul>
  </Alert>
);

/** A coordinator whose statement is not in force has that to do first; the header says so too. */
const ToSign = ({ frame }: { frame: PageFrame }): VNode | null =>
  linkTo(frame, '/statement') ? (
    <Alert kind="warning" heading="Sign the statement of coordinators">
      <p>
        Until you have signed, no request waits for you. <a href="/statement">Read and sign it</a>
      </p>
    </Alert>
  ) : null;

/** What other people wait for: a coordinator comes here for that, seldom for permissions of their own. */
function ForOthers({ frame }: { frame: PageFrame }): VNode | null {
  const requests = linkTo(frame, '/review')?.count ?? 0;
  const office = linkTo(frame, '/state')?.count ?? 0;
  if (requests + office === 0) return null;
  return (
    <Alert kind="info" heading="Others wait for you">
      {requests > 0 && (
        <p>
          <a href="/review">
            {requests === 1 ? 'One request' : `${capital(boundedCount(requests))} requests`} to decide
          </a>
        </p>
      )}
      {office > 0 && (
        <p>
          <a href="/state">{office === 1 ? 'One thing' : `${office} things`} at the state office</a>
        </p>
      )}
    </Alert>
  );
}

/** The one thing to do now. */
function Next({ step, requests }: { step: number; requests: RequestSummary[] }): VNode | null {
  if (step === 1) {
    return (
      <Alert kind="info" heading="Next: link your Staff ID">
        <p>
          It ties your account to you as a member of staff and takes a minute.{' '}
          <a href="/staff-id">Link your Staff ID</a>
        </p>
      </Alert>
    );
  }
  if (step === 2) {
    return (
      <Alert kind="info" heading="Next: request a permission">
        <p>
          Choose the application and the place you work at. <a href="/requests/new">Request permission</a>
        </p>
      </Alert>
    );
  }
  if (step === 3) {
    const waits = requests.some((request) => request.lines.some((line) => line.status === 'pending'));
    const last = requests.flatMap(({ lines }) => lines).some((line) => line.status === 'approved');
    return waits ? (
      <Alert kind="info" heading="Waiting for a decision">
        <p>Your request names who decides. You get a mail as soon as they have; there is nothing for you to do.</p>
      </Alert>
    ) : last ? (
      <Alert kind="info" heading="You have no access now">
        <p>
          What you had has ended. <a href="/access">My access</a> says when, and why. Do you need it again?{' '}
          <a href="/requests/new">Request permission</a>
        </p>
      </Alert>
    ) : (
      <Alert kind="warning" heading="Not approved so far">
        <p>
          Open your request below to read the reason. You can put it right and <a href="/requests/new">ask again</a>.
        </p>
      </Alert>
    );
  }
  return null;
}

const Held = ({ access }: { access: OwnAccess[] }): VNode => (
  <div class="edlink-scroll" tabIndex={0} role="region" aria-label="Permissions you hold">
    <table class="usa-table usa-table--borderless usa-table--stacked">
      <thead>
        <tr>
          <th scope="col">Application</th>
          <th scope="col">Permission</th>
          <th scope="col">Where</th>
          <th scope="col">Status</th>
          <th scope="col">Last day</th>
        </tr>
      </thead>
      <tbody>
        {access.map(({ application, permission, place, standing, toAt }) => (
          <tr>
            <td data-label="Application">{application}</td>
            <th scope="row" data-label="Permission">
              {permission}
            </th>
            <td data-label="Where">{place}</td>
            <td data-label="Status">
              <StandingTag standing={standing} />
            </td>
            <td data-label="Last day">{toAt ? readableLast(toAt) : 'No end set'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
