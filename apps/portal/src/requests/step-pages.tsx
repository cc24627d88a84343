import { Injectable } from '@nestjs/common';
import { type FieldFault, newId, type Problem, type SignedIn } from '#kernel';
import { CatalogService } from '#catalog';
import { PlaceAdvisor, RequestsAgain, RequestsService, type Wish } from '#requests';
import { type Location, SitesService } from '#sites';
import type { StaffPerson } from '#staff';
import { Pages, type PageRequest } from '#web';
import { CheckPage, type PreviewLine } from './check.page.js';
import { dayAfter } from '../parts/days.js';
import { EmploymentPlaces } from './employment-places.js';
import type { ForeseenAt } from './foreseen.js';
import type { NextStep } from './new-request.js';
import { ApplicationPage, PermissionsPage, RolePage } from './new-request.pages.js';
import { PlacePage } from './place.page.js';
import { PlacesPage } from './places.page.js';
import { rolesOf, wishesOf } from './wish.js';

/** What became of a check page that was sent and came back. */
export interface CheckAnswer {
  formKey?: string;
  typed?: Record<string, unknown>;
  faults?: FieldFault[];
  problem?: Problem;
}

/** Draws the page of a step, with what that page alone needs to know. */
@Injectable()
export class StepPages {
  constructor(
    private readonly requests: RequestsService,
    private readonly again: RequestsAgain,
    private readonly advisor: PlaceAdvisor,
    private readonly catalog: CatalogService,
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
        const places = await this.placesFor(next, next.application.levels, member);
        return this.pages.draw(request, (frame) => <PlacePage frame={frame} {...next} {...places} faults={faults} />);
      }
      case 'places': {
        const places = await this.placesFor(next, next.levels, member);
        return this.pages.draw(request, (frame) => <PlacesPage frame={frame} {...next} {...places} />);
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
        const actor = request.actor as SignedIn;
        const { formKey = newId(), typed = await this.before(actor, next), problem } = answer;
        const preview = await this.previewOf(actor, next);
        const applications = rolesOf(next.wish).map(({ application }) => application);
        const advice = await this.advisor.placesAdvice(actor, applications, next.places);
        const check = { ...preview, advice, formKey, typed, problem };
        return this.pages.draw(request, (frame) => <CheckPage frame={frame} {...next} {...check} faults={faults} />);
      }
    }
  }

  private async placesFor({ wish, step }: NextStep, levels: Location['level'][], member: StaffPerson) {
    const fits = ({ level }: Location): boolean => levels.includes(level);
    const most = step === 'places' ? 60 : 20;
    return {
      own: (await this.employments.of(member.id)).filter(fits),
      found: wish.search ? (await this.sites.search(wish.search, most)).filter(fits) : undefined,
    };
  }

  private adviceFor(request: PageRequest, { application, place }: Extract<NextStep, { step: 'role' | 'permissions' }>) {
    return this.advisor.placeAdvice(request.actor as SignedIn, { application: application.code, location: place });
  }

  /** What stood in the request that is asked again, as the fields of the check page. */
  private async before(actor: SignedIn, { wish: { again } }: NextStep): Promise<Record<string, unknown>> {
    if (!again) return {};
    const { wishes, why } = await this.again.formOf(actor, again);
    const [{ fromDay, toDay } = {}] = wishes as [Wish?];
    return { why, from: fromDay, until: toDay && dayAfter(toDay, -1) };
  }

  /** Every permission at every place, with who would decide it, and what would come with it. */
  private async previewOf(
    actor: SignedIn,
    { wish }: NextStep,
  ): Promise<{ lines: PreviewLine[]; foreseen: ForeseenAt[] }> {
    const routed = await this.requests.preview(actor, wishesOf(wish));
    const foreseen = routed.map(({ wish: { application, role }, place, ends, warnings }) => ({
      place: place.name,
      role: this.catalog.names(application, role).role,
      ends,
      warnings,
    }));
    const lines = routed.flatMap(({ wish: { application, role, permissions }, place, routing }) =>
      permissions.map((permission) => {
        const names = this.catalog.names(application, role, permission);
        return {
          application: { code: application, name: names.application },
          role: { code: role, name: names.role },
          permission: { code: permission, name: names.permission },
          place,
          ...routing,
        };
      }),
    );
    return { lines, foreseen };
  }
}
