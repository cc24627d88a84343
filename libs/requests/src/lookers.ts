import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Assignment, barred, CoordinatorsService, covers, isStateDesk, type RoutingLine } from '#coordinators';
import { locationKey, type PlacedLocation, SitesService } from '#sites';
import { type StaffPerson, StaffService } from '#staff';
import type { RequestLine } from './permission-request.js';
import { type Asked, lineOf } from './line-of.js';
import { distinctPlaces } from './together.js';

/** Somebody who looks at requests, with what this person may decide now. */
export interface Looker {
  person: StaffPerson;
  /** What the person's assignments, covers and duties hold today. */
  scopes: Assignment[];
  /** The statement of coordinators is in force; without it nothing may be decided. */
  signed: boolean;
  /** Sits at the state desk. */
  desk: boolean;
}

/** Who looks, where what is asked for is now, and whether the one may decide the other: asked in one way by every page and verb. */
@Injectable()
export class Lookers {
  constructor(
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
  ) {}

  /** The person an account is linked to now; undefined when there is none. */
  async of(accountId: string): Promise<Looker | undefined> {
    const person = await this.staff.memberOf(accountId);
    if (!person) return undefined;
    const scopes = [...(await this.coordinators.scopesOf(person.id)), ...(await this.coordinators.dutiesOf(person.id))];
    const signed = scopes.length > 0 && (await this.coordinators.hasSigned(person.id));
    return { person, scopes, signed, desk: scopes.some(isStateDesk) };
  }

  /** Whether one who looks may decide a line now; never one's own. Changes nothing: deciding asks `mayDecide`. */
  may(looker: Looker, line: RoutingLine): boolean {
    return looker.signed && this.holds(looker, line);
  }

  /** The same of something asked for, where its place is among those looked up before; by `locationKey`. */
  mayAt(looker: Looker, asked: Asked, places: Map<string, PlacedLocation>): boolean {
    const place = places.get(locationKey({ level: asked.level, code: asked.code }));
    return !!place && this.may(looker, this.lineAt(asked, place));
  }

  /**
   * Whether one who looks sees a line, where its place is among those looked up before: whoever may decide it, and whoever
   * could at a step it has come to so far, also when it is the next one's turn or this person had a hand in it before.
   */
  seesAt(
    looker: Looker,
    line: Asked & Pick<RequestLine, 'approval' | 'step'>,
    places: Map<string, PlacedLocation>,
  ): boolean {
    return line.approval
      .slice(0, line.step)
      .some((step) =>
        this.mayAt(looker, { ...line, duty: step === 'coordinator' ? null : step, excluded: [] }, places),
      );
  }

  /** Whether only the missing signature keeps one who looks from deciding a line. */
  lacksSignature(looker: Looker, line: RoutingLine): boolean {
    return !looker.signed && this.holds(looker, line);
  }

  /** What things asked for are to routing now, in their order; undefined where the register does not know the place. */
  async linesOf(staffMemberId: string, asked: Omit<Asked, 'staffMemberId'>[]): Promise<(RoutingLine | undefined)[]> {
    const places = await this.sites.placeMany(distinctPlaces(asked));
    return asked.map((one) => {
      const place = places.get(locationKey({ level: one.level, code: one.code }));
      return place && this.lineAt({ ...one, staffMemberId }, place);
    });
  }

  /** The line of something asked for at a place that was looked up before. */
  lineAt(asked: Omit<Asked, 'level' | 'code'>, place: PlacedLocation): RoutingLine {
    return lineOf(asked, place, this.catalog);
  }

  private holds({ person, scopes }: Looker, line: RoutingLine): boolean {
    return !barred(person.id, line) && scopes.some((one) => covers(one, line));
  }
}
