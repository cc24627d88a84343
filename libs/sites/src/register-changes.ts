import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#kernel';
import type { Location } from './location.js';
import type { RegisterChangeStatus } from './register-change.js';
import type { PlaceDeed, SiteState, Step, SystemState } from './register-plan.js';

/** One row of a plan: what happens to one place. */
export interface RegisterRowChange extends Location {
  /** `site:001005`: what `only` of `apply` names. */
  key: string;
  name: string;
  deeds: PlaceDeed[];
  /** In plain words: 'was called "Oak School"', 'moves from 395 to R36'. */
  words: string[];
  before?: SystemState | SiteState;
  after: SystemState | SiteState;
}

export interface RegisterChangeSummary {
  id: string;
  fileName: string;
  sha256: string;
  source: { code: string; name: string };
  /** 'YYYY-MM-DD' */
  effectiveDay: string;
  status: RegisterChangeStatus;
  /** Rows of the file. */
  rows: number;
  /** What is left to apply. */
  counts: { systems: Record<PlaceDeed, number>; sites: Record<PlaceDeed, number> };
  madeAt: Date;
  /** Account ids; `operator` for who has the command line. */
  madeBy: string;
  confirmedBy?: string;
  confirmedAt?: Date;
  appliedBy?: string;
  appliedAt?: Date;
  /** Places written so far. */
  appliedRows: number;
}

export interface RegisterChangeView extends RegisterChangeSummary {
  /** What is left to apply, as it was previewed; systems first, then sites, by code. */
  plan: RegisterRowChange[];
  planHash: string;
  /** Open sites in the sectors the file speaks for. */
  covered: number;
  /** Applying all of it needs a second person. */
  needsSecond: boolean;
  /** What the first person confirmed; absent: the whole plan. */
  confirmedOnly?: string[];
  /** The register changed since the preview: what the plan would be different in; `refresh` takes that over. */
  movedOn: string[];
}

export interface RegisterApplied {
  status: 'applied' | 'partly-applied' | 'waits-for-second';
  /** Places written by this call. */
  rows: number;
  /** Systems in which places changed. */
  systems: string[];
  closedSites: string[];
}

/** Register files that were previewed, for the state office: look, apply whole or by row, drop. Says not who may. */
@Injectable()
export class RegisterChanges {
  constructor(private readonly em: EntityManager) {}

  /** The newest first, at most 200. */
  async list(status?: RegisterChangeStatus): Promise<RegisterChangeSummary[]> {
    throw new Error(`not there yet ${status} ${!!this.em}`);
  }

  /** @throws sites.unknown-change (404) */
  async get(id: string): Promise<RegisterChangeView> {
    throw new Error(`not there yet ${id}`);
  }

  /**
   * Applies what is left of a change, or the rows named. Who would close many sites is the first of two persons; the
   * second, another account, applies. The caller holds the routing (docs/architecture.md, locks).
   * @param only keys of rows (`site:001005`); absent: all
   * @param planHash of the page the person saw
   * @throws sites.unknown-change (404), sites.change-ended (409), sites.register-moved-on (409, naming what changed),
   *   sites.second-person (409: the same person again), sites.row-needs-others (422), sites.wrong-day (422)
   */
  async apply(actor: Actor, id: string, how: { only?: string[]; planHash?: string } = {}): Promise<RegisterApplied> {
    throw new Error(`not there yet ${actor.client} ${id} ${how.planHash}`);
  }

  /** Plans the file again on the register as it is now; a first confirmation is void. @throws sites.unknown-change, sites.change-ended */
  async refresh(actor: Actor, id: string): Promise<RegisterChangeView> {
    throw new Error(`not there yet ${actor.client} ${id}`);
  }

  /** The change will not be applied. @throws sites.unknown-change, sites.change-ended */
  async drop(actor: Actor, id: string): Promise<void> {
    throw new Error(`not there yet ${actor.client} ${id}`);
  }
}
