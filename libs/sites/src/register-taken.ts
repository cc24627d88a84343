import { likelySiteKind, likelySystemKind, sectorOf, type SiteKind, type SystemKind } from './kinds.js';
import type { Settled } from './register-differences.js';
import type { RegisterRow } from './register-row.js';
import type { RegisterField } from './register-sources.js';
import type { RegisterState, SiteState, SystemState } from './register-state.js';

/** Places as the file says they are after it, in the fields that its source decides. */
export class TakenRows {
  readonly systems = new Map<string, SystemState>();
  readonly sites = new Map<string, SiteState>();
  /** Codes of the sites in the file. */
  readonly listed = new Set<string>();

  constructor(
    private readonly current: RegisterState,
    private readonly decides: Set<RegisterField>,
    private readonly settled: Settled,
  ) {}

  take({ system, site }: RegisterRow): void {
    const known = this.current.systems.get(system.code);
    if (known || this.decides.has('opening')) {
      const kind = system.kind ?? known?.kind ?? likelySystemKind(system.code);
      const after: SystemState = {
        code: system.code,
        name: this.word('name', `system:${system.code}`, system.name, known?.name),
        kind: this.word('kind', `system:${system.code}`, kind, known?.kind),
        open: this.decides.has('opening') || !!known?.open,
      };
      if (!this.systems.has(system.code)) this.systems.set(system.code, after);
    }
    if (site) this.takeSite(site, system.code);
  }

  private takeSite(site: NonNullable<RegisterRow['site']>, systemCode: string): void {
    const known = this.current.sites.get(site.code);
    this.listed.add(site.code);
    if (!known && !this.decides.has('opening')) return;
    const open = this.decides.has('opening') || !!known?.open;
    // A site that is closed and stays so is left as it was.
    if (known && !known.open && !open) return;
    const key = `site:${site.code}`;
    const system = this.systems.get(systemCode);
    const kind = site.kind ?? known?.kind ?? likelySiteKind(site.code, system?.kind ?? 'state-school');
    // Where the file does not say who serves it, a site that became a public school is served by nobody any more.
    const kept = mayBeServed(kind, system?.kind) ? known?.serving : undefined;
    const serving = site.serving === undefined ? kept : (site.serving ?? undefined);
    this.sites.set(site.code, {
      code: site.code,
      name: this.word('name', key, site.name, known?.name),
      kind: this.word('kind', key, kind, known?.kind),
      federalCode: this.word('federal-code', key, site.federalCode ?? known?.federalCode, known?.federalCode, known),
      systemCode: this.word('parent', key, systemCode, known?.systemCode),
      serving: site.serving === undefined ? serving : this.word('serving', key, serving, known?.serving, known),
      open,
    });
  }

  /** The file's word where it counts, else what is known. A new place takes the file's word in everything. */
  private word<Value extends string | undefined>(
    field: RegisterField,
    key: string,
    told: Value,
    known: Value | undefined,
    place: unknown = known,
  ): Value {
    if (!place) return told;
    if (told === known || !this.decides.has(field)) return known as Value;
    const overruled = this.settled.get(`${key}:${field}`);
    return overruled !== undefined && overruled === told ? (known as Value) : told;
  }
}

/** As `isServable` says of a place: a public school or office has an owner that answers for it. */
export const mayBeServed = (kind: SiteKind, systemKind: SystemKind | undefined): boolean =>
  kind === 'support' || sectorOf(kind, systemKind) !== 'public';
