import type { VNode } from 'preact';
import { Page, type PageFrame } from '#web';

/** Short help, for staff first, then for those who decide, designate and oversee; the long guides are in docs/. */
export const HelpPage = ({ frame, issuer }: { frame: PageFrame; issuer: string }): VNode => (
  <Page frame={frame} title="Help">
    <ul class="usa-list">
      <li>
        <a href="#staff">For school staff: getting access</a>
      </li>
      <li>
        <a href="#place">Which place do I ask for?</a>
      </li>
      <li>
        <a href="#coordinators">For security coordinators: deciding</a>
      </li>
      <li>
        <a href="#heads">For heads of school systems: designating</a>
      </li>
      <li>
        <a href="#state">For the state office</a>
      </li>
      <li>
        <a href="#trouble">When something does not work</a>
      </li>
    </ul>

    <h2 id="staff">For school staff: getting access</h2>
    <ol class="usa-process-list">
      <li class="usa-process-list__item">
        <h3 class="usa-process-list__heading">Register once</h3>
        <p>
          <a href={`${issuer}/register`}>Register</a> with a user name, your work e-mail and a passphrase, and confirm
          your address from the mail we send. If you have an account already, use it: a second one cannot hold your
          Staff ID.
        </p>
      </li>
      <li class="usa-process-list__item">
        <h3 class="usa-process-list__heading">Link your Staff ID</h3>
        <p>
          Give your 10-digit Staff ID, or only your name and birth date as your school has them. The birth date is
          compared, not kept.
        </p>
      </li>
      <li class="usa-process-list__item">
        <h3 class="usa-process-list__heading">Request a permission</h3>
        <p>
          Choose the application, the place, one role and what you need to do. Before you send it, the page says who
          will decide, and why.
        </p>
      </li>
      <li class="usa-process-list__item">
        <h3 class="usa-process-list__heading">Open the application</h3>
        <p>
          You get a mail when your request is decided. Then sign in to the application with the same account; there is
          nothing to wait for.
        </p>
      </li>
    </ol>
    <ul class="usa-list">
      <li>
        <a href="/access">My access</a> says what you may use, where and until when. There you ask to keep longer what
        ends, and give up what you no longer need.
      </li>
      <li>
        Whoever decides may ask you something, or offer you less than you asked for. Your home page and a mail lead you
        to it; your request waits until you answer.
      </li>
      <li>Not approved? The reason is on your request. There you ask again, with the form filled in already.</li>
      <li>
        Another role in the same application at the same place? Ask for it: the page says what ends when it is approved.
      </li>
      <li>A coordinator may enter a request for you. It is asked for only when you confirm it.</li>
    </ul>

    <h2 id="place">Which place do I ask for?</h2>
    <p>Your school, if you work for one school. Your school system, if your work covers all of it.</p>
    <p>
      For SER and SER IEP Form (eSER), nonpublic and early-childhood sites come with the school system that serves them.
      Staff of a school system ask for the school system and not for those sites one by one.
    </p>

    <h2 id="coordinators">For security coordinators: deciding</h2>
    <ul class="usa-list">
      <li>
        <strong>Review</strong> shows what waits for you, oldest first. Everybody who was told may decide; the first to
        act does. In the list, the arrow keys (or J and K) go from one request to the next.
      </li>
      <li>
        Approve or reject each permission by itself. A rejection needs a reason, which the person reads. You may leave a
        permission for later.
      </li>
      <li>
        Tick several requests in the list to approve or reject them all. Open one to approve less than was asked for, or
        to ask the person something first.
      </li>
      <li>The page says where the person is employed, and warns when that is not the place they ask for.</li>
      <li>
        If something changed while your page was open, your decision is not taken and you see the request as it is now.
      </li>
      <li>Your own requests go to somebody else. You cannot decide them.</li>
      <li>
        <strong>My sites</strong> shows every site you decide for, who else decides there, and what waits. From there
        you name a cover while you are away, or stand down. Both show what would happen before anything is saved.
      </li>
      <li>
        <strong>People</strong> lists who has access where you decide. Tick what ends to let it go on; open a permission
        to suspend it or take it away, and a person to end the employment. From there you also see who had access on an
        earlier day, and enter a request for somebody new.
      </li>
      <li>
        Asked for one site where the whole school system is meant? Offer that on the request. It changes only when the
        person accepts.
      </li>
      <li>Once a year you sign a statement. Until you have, nothing waits for you and others decide in your place.</li>
    </ul>

    <h2 id="heads">For heads of school systems: designating</h2>
    <ul class="usa-list">
      <li>
        <strong>Designate</strong> is where you name a coordinator: for the whole school system, a group of sites or one
        site. The state office approves, the person signs the statement and asks for access, the state office grants it.
      </li>
      <li>You see there how each designation stands, and take back what is not granted yet.</li>
      <li>When nobody decides for the whole school system any more, you are told, and the state office stands in.</li>
    </ul>

    <h2 id="state">For the state office</h2>
    <ul class="usa-list">
      <li>
        <strong>State office</strong> shows what waits, and where coordinators are missing. Charts, Coverage,
        Designations, Duties, Places, Register, Disagreements, Disputes, Staff files and Access on a day lead on from
        there.
      </li>
      <li>
        <strong>Duties</strong> is where you name who approves beside the coordinators: a Special Education Supervisor,
        or the owner of an application. <strong>Access on a day</strong> answers who had access at a place, or what a
        person had, and gives the answer as a file.
      </li>
      <li>Each change shows first which open requests would go to whom. Nothing is saved before you confirm.</li>
      <li>
        Nobody acts on a designation of their own. A register file that closes many sites needs two people: the first
        confirms it, the second applies it.
      </li>
    </ul>

    <h2 id="trouble">When something does not work</h2>
    <ul class="usa-list">
      <li>
        <strong>Your Staff ID is not found.</strong> Ask the person who keeps staff records at your school what name,
        birth date and Staff ID they reported for you.
      </li>
      <li>
        <strong>An application turns you away.</strong> It names the permission that is missing and leads to the request
        form.
      </li>
      <li>
        <strong>Nobody decides.</strong> Your request names who can, and what changed since you sent it. Write a
        notification on the request; they get it by mail.
      </li>
      <li>
        <strong>You want to know who decides at your school.</strong> <a href="/find-coordinator">Look it up</a> by the
        school's name or code.
      </li>
      <li>
        <strong>You forgot your passphrase.</strong> Choose Sign in, then “Forgot your passphrase?”. No coordinator can
        see or set it.
      </li>
    </ul>
  </Page>
);
