import { Injectable } from '@nestjs/common';
import { type FieldFault, newId, type Problem, type SignedIn } from '#kernel';
import { PlaceAdvisor, RequestsService } from '#requests';
import { SitesService } from '#sites';
import type { StaffPerson } from '#staff';
import { Pages, type PageRequest } from '#web';
import { CheckPage } from './check.page.js';
import { EmploymentPlaces } from './employment-places.js';
import type { NextStep } from './new-request.js';
import { ApplicationPage, PermissionsPage, RolePage } from './new-request.pages.js';
import { PlacePage } from './place.page.js';

/** What became of a check page that was sent and came back. */
export interface CheckAnswer {
  formKey?: string;
  why?: unknown;
  faults?: FieldFault[];
  problem?: Problem;
}

/** Draws the page of a step, with what that page alone needs to know. */
@Injectable()
export class StepPages {
  constructor(
    private readonly requests: RequestsService,
    private readonly advisor: PlaceAdvisor,
    private readonly employments: EmploymentPlaces,
    private readonly sites: SitesService,
    private readonly pages: Pages,
  ) {}

  /** @param member the person who asks */
  async draw(request: PageRequest, member: StaffPerson, next: NextStep, answer: CheckAnswer = {}): Promise<string> {
    const faults = [...next.faults, ...(answer.faults ?? [])];
    switch (next.step) {
      case 'application':
        return this.pages.draw(request, (frame) => <ApplicationPage frame={frame} {...next} faults={faults} />);
      case 'place': {
        const places = await this.placesFor(next, member);
        return this.pages.draw(request, (frame) => <PlacePage frame={frame} {...next} {...places} faults={faults} />);
      }
      case 'role': {
        const asked = { ...next, advice: await this.adviceFor(request, next), faults };
        return this.pages.draw(request, (frame) => <RolePage frame={frame} {...asked} />);
      }
      case 'permissions': {
        const asked = { ...next, advice: await this.adviceFor(request, next), faults };
        return this.pages.draw(request, (frame) => <PermissionsPage frame={frame} {...asked} />);
      }
      case 'check': {
        const lines = await this.routed(request.actor as SignedIn, next);
        const { formKey = newId(), why, problem } = answer;
        const check = { lines, advice: await this.adviceFor(request, next), formKey, why, problem };
        return this.pages.draw(request, (frame) => <CheckPage frame={frame} {...next} {...check} faults={faults} />);
      }
    }
  }

  private async placesFor({ wish, application }: NextStep & { step: 'place' }, member: StaffPerson) {
    const fits = ({ level }: { level: 'system' | 'site' }): boolean => application.levels.includes(level);
    return {
      own: (await this.employments.of(member.id)).filter(fits),
      found: wish.search ? (await this.sites.search(wish.search)).filter(fits) : undefined,
    };
  }

  private adviceFor(
    request: PageRequest,
    { application, place }: Exclude<NextStep, { step: 'application' | 'place' }>,
  ) {
    return this.advisor.placeAdvice(request.actor as SignedIn, { application: application.code, location: place });
  }

  private routed(actor: SignedIn, { application, place, role, wish }: NextStep & { step: 'check' }) {
    const { permissions } = wish;
    return this.requests.preview(actor, {
      application: application.code,
      role: role.code,
      permissions,
      location: place,
    });
  }
}
