import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Assignment, CoordinatorsService, covers } from '#coordinators';
import type { SignedIn } from '#kernel';
import { lineOf } from '#requests';
import { type PlacedLocation } from '#sites';
import { StaffService } from '#staff';

/** Somebody who looks after other people's access. */
export interface AccessReader {
  staffMemberId: string;
  scopes: Assignment[];
}

/** Within what somebody may read of other people. */
@Injectable()
export class ReaderScope {
  constructor(
    private readonly catalog: CatalogService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
  ) {}

  /** Who reads; nobody reads whose statement of confidentiality is not in force. */
  async of(actor: SignedIn): Promise<AccessReader | undefined> {
    const person = await this.staff.memberOf(actor.accountId);
    if (!person || !(await this.coordinators.hasSigned(person.id))) return undefined;
    // Who holds a duty in an approval sees the requests it is about, and no list of people.
    const scopes = (await this.coordinators.scopesOf(person.id)).filter(({ duty }) => duty === undefined);
    return scopes.length ? { staffMemberId: person.id, scopes } : undefined;
  }

  /** Whether access to an application at a place is the reader's to look after. */
  holds({ scopes }: AccessReader, application: string, place: PlacedLocation | undefined): boolean {
    if (!place) return scopes.some(({ reach }) => reach === 'state');
    const line = lineOf({ application, staffMemberId: '' }, place, this.catalog);
    return scopes.some((one) => covers(one, line));
  }

  /** Whether people who work at a site are the reader's to look after: for any application, owned or served. */
  holdsPlace({ scopes }: AccessReader, place: PlacedLocation | undefined): boolean {
    if (!place) return scopes.some(({ reach }) => reach === 'state');
    const systems = [place.system.code, ...(place.serving ? [place.serving.code] : [])];
    const location = { level: place.level, code: place.code };
    return scopes.some((one) =>
      systems.some((systemCode) =>
        covers(one, { application: one.application ?? '', location, systemCode, requesterId: '' }),
      ),
    );
  }

  /** Whether some of what is asked about may be kept from the reader; says nothing of whether there is any (AC-3). */
  isPartial({ scopes }: AccessReader): boolean {
    return !scopes.some(({ reach, application }) => reach === 'state' && application === undefined);
  }

  /** Whether duties in a school system are the reader's to know: coordinators of the whole system, and the state. */
  holdsSystem({ scopes }: AccessReader, systemCode: string | undefined): boolean {
    return scopes.some(({ reach, systemCode: own }) => reach === 'state' || (reach === 'system' && own === systemCode));
  }
}
