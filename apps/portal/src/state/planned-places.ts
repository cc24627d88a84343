import { Injectable } from '@nestjs/common';
import type { FieldFault } from '#kernel';
import type { PlannedChange } from '#oversight';
import { isPlaceCode, type PlacedLocation, SitesService } from '#sites';
import { readableDay } from '../parts/days.js';
import { placeNamed } from './named-place.js';
import type { PlaceChange, PlaceChangeForm } from './place-change.form.js';

/** A filled-in form about a site, understood: the change, its sentence, and what is sent along to confirm it. */
type PlannedPlace =
  | { change: PlannedChange; about: string; fields: Record<string, string | undefined>; faults?: undefined }
  | { faults: FieldFault[] };

/** Understands what the state office typed about places. */
@Injectable()
export class PlannedPlaces {
  constructor(private readonly sites: SitesService) {}

  /** Places that fit a text; a closed one by its whole code. */
  async look(text: string): Promise<PlacedLocation[]> {
    const found = await this.sites.search(text, 50);
    const code = text.trim().toUpperCase();
    const exact = isPlaceCode(code)
      ? await this.sites.placeMany([
          { level: 'system', code },
          { level: 'site', code },
        ])
      : new Map<string, PlacedLocation>();
    const missing = [...exact.values()].filter(
      (one) => !found.some((place) => place.level === one.level && place.code === one.code),
    );
    return [...missing, ...found];
  }

  /** The change a form asks for, or what is wrong with the form. */
  async of(kind: PlaceChange, place: PlacedLocation, form: PlaceChangeForm): Promise<PlannedPlace> {
    if (kind === 'close') return this.closing(place, form);
    if (kind === 'serve' && !form.to?.trim()) return this.serving(place, form);
    const named = await placeNamed(this.sites, kind === 'merge' ? 'site' : 'system', form.to ?? '');
    if (named.fault !== undefined) return { faults: [{ field: 'to', message: named.fault }] };
    if (kind === 'serve') return this.serving(place, form, named.place);
    return kind === 'merge' ? this.merger(place, named.place) : this.moving(place, form, named.place);
  }

  private closing({ code, name }: PlacedLocation, { reason }: PlaceChangeForm): PlannedPlace {
    const why = reason?.trim();
    if (!why) return { faults: [{ field: 'reason', message: 'Write why it closes; it is kept' }] };
    return {
      change: { kind: 'close', siteCode: code, reason: why },
      about: `${name} closes today.`,
      fields: { reason: why },
    };
  }

  private serving({ code, name }: PlacedLocation, { fromDay }: PlaceChangeForm, system?: PlacedLocation): PlannedPlace {
    return {
      change: { kind: 'serve', siteCode: code, systemCode: system?.code ?? null, fromDay },
      about: system
        ? `${system.name} serves ${name} from ${dayWords(fromDay)} on.`
        : `No school system serves ${name} from ${dayWords(fromDay)} on.`,
      fields: { to: system?.code, fromDay },
    };
  }

  private moving({ code, name }: PlacedLocation, { fromDay }: PlaceChangeForm, system: PlacedLocation): PlannedPlace {
    return {
      change: { kind: 'move', siteCode: code, systemCode: system.code, fromDay },
      about: `${name} belongs to ${system.name} from ${dayWords(fromDay)} on.`,
      fields: { to: system.code, fromDay },
    };
  }

  private merger({ code, name }: PlacedLocation, into: PlacedLocation): PlannedPlace {
    return {
      change: { kind: 'merge', siteCode: code, intoCode: into.code },
      about: `${name} closes today, and ${into.name} takes over.`,
      fields: { to: into.code },
    };
  }
}

const dayWords = (day?: string): string => (day ? readableDay(day) : 'today');
