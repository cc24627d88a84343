import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CoordinatorsService, unsigned } from '#coordinators';
import type { Problem, SignedIn } from '#kernel';
import { type PlacedLocation, SitesService } from '#sites';
import { type StaffPerson, StaffService } from '#staff';
import { type Looker, Lookers } from './lookers.js';
import { requestsProblems } from './problems.js';
import { RequestProposal } from './request-proposal.js';
import { RequestRules, type Wish } from './request-rules.js';

/** How many a person may have waiting. */
const mostOpen = 20;

/** Who may enter what for whom, and whose a proposal is. */
@Injectable()
export class ProposalRules {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
    private readonly lookers: Lookers,
    private readonly rules: RequestRules,
  ) {}

  /**
   * The person something is entered for: employed at a place where the actor decides. Whether a Staff ID is unknown or of
   * somebody elsewhere is not told. The actor decides at every place that is asked for.
   * @throws catalog.*, sites.*, requests.not-offered, .not-enterable (422), requests.own-request (403), coordinators.unsigned (409)
   */
  async personFor(actor: SignedIn, staffId: string, wishes: Wish[]): Promise<StaffPerson> {
    const looker = await this.lookers.of(actor.accountId);
    const person = await this.staff.memberByStaffId(staffId.trim());
    if (looker && person?.id === looker.person.id)
      throw requestsProblems.ownRequest(
        'Ask for your own access under "Request access"; another coordinator decides it.',
        {
          refusal: { action: 'request.enter-proposal', target: `staff-member:${person.id}` },
        },
      );
    if (!looker || !person || !(await this.isEmployedWith(looker, person, wishes)))
      throw notEnterable(
        'staffId',
        'Nobody with this Staff ID is employed where you decide. Check the number; a new hire appears with the next staff file.',
      );
    const places: PlacedLocation[] = [];
    for (const wish of wishes) places.push(await this.rules.placeOf(wish));
    const lines = wishes.map(({ application }, at) =>
      this.lookers.lineAt({ application, staffMemberId: person.id }, places[at]!),
    );
    if (!(await this.coordinators.mayDecide(looker.person.id, ...lines))) {
      if (lines.every((line) => this.lookers.may(looker, line) || this.lookers.lacksSignature(looker, line)))
        throw unsigned();
      throw notEnterable('location', 'You enter requests for places where you decide. Choose such a place.');
    }
    return person;
  }

  /** @throws requests.too-many-open (409) */
  async refuseMany(staffMemberId: string): Promise<void> {
    const open = await this.em.count(RequestProposal, { staffMemberId, status: 'open' });
    if (open >= mostOpen)
      throw requestsProblems.tooManyOpen(
        `${open} entries wait for this person already; ${mostOpen} is the most. They wait for an answer, or can be taken back.`,
      );
  }

  /** @throws requests.not-found (404) for anybody but the person it is for */
  async ofPerson(id: string, person: string | undefined, verb: string): Promise<RequestProposal> {
    const found = await this.found(id);
    if (!person || found?.staffMemberId !== person) throw absentProposal(id, verb);
    return found;
  }

  /** @throws requests.not-found (404) for anybody but whoever entered it */
  async ofEnterer(id: string, person: string | undefined, verb: string): Promise<RequestProposal> {
    const found = await this.found(id);
    if (!person || found?.proposedBy !== person) throw absentProposal(id, verb);
    return found;
  }

  private async isEmployedWith(looker: Looker, person: StaffPerson, wishes: Wish[]): Promise<boolean> {
    const employments = await this.staff.employmentsOf(person.id);
    const places = await this.sites.placeMany(employments.map(({ siteCode }) => ({ level: 'site', code: siteCode })));
    const applications = [...new Set(wishes.map(({ application }) => application))];
    return [...places.values()].some((place) =>
      applications.some((application) => {
        const line = this.lookers.lineAt({ application, staffMemberId: person.id }, place);
        return this.lookers.may(looker, line) || this.lookers.lacksSignature(looker, line);
      }),
    );
  }

  private async found(id: string): Promise<RequestProposal | undefined> {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(id))) return undefined;
    return (await this.em.findOne(RequestProposal, { id }, { disableIdentityMap: true })) ?? undefined;
  }
}

const notEnterable = (field: string, message: string): Problem =>
  requestsProblems.notEnterable(message, {
    errors: [{ field, message }],
    refusal: { action: 'request.enter-proposal', target: 'request-proposal' },
  });

/** Absent and somebody else's look the same; the attempt is kept in the audit log. */
export const absentProposal = (id: string, verb: string): Problem =>
  requestsProblems.notFound('There is no such entry, or it is not yours. Open it from the home page again.', {
    refusal: { action: `request.${verb}-proposal`, target: `request-proposal:${String(id).slice(0, 60)}` },
  });
