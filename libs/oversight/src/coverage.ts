import { Injectable } from '@nestjs/common';
import type { SignedIn } from '#kernel';
import type {
  ApplicationGap,
  CoordinatorView,
  CoverageFilter,
  CoverageList,
  CoverageNumbers,
  SingleSystem,
  SystemPicture,
  UnservedSite,
  VacantSystem,
} from './coverage-views.js';

/**
 * Where somebody decides and where nobody does, as it is today. The numbers and the lists of the whole state are for the state desk:
 * oversight.not-yours (403) for anybody else. 50 items a page.
 */
@Injectable()
export class Coverage {
  /** All numbers at once. */
  async overview(actor: SignedIn): Promise<CoverageNumbers> {
    throw new Error(actor.accountId);
  }

  /** Systems nobody can decide for as a whole, in order of names. */
  async withoutCoordinator(actor: SignedIn, filter: CoverageFilter = {}): Promise<CoverageList<VacantSystem>> {
    throw new Error(`${actor.accountId} ${filter.text}`);
  }

  /** Systems that hang on one person. */
  async single(actor: SignedIn, filter: CoverageFilter = {}): Promise<CoverageList<SingleSystem>> {
    throw new Error(`${actor.accountId} ${filter.text}`);
  }

  /** Applications nobody but the state can decide, by system. */
  async onlyState(actor: SignedIn, filter: CoverageFilter = {}): Promise<CoverageList<ApplicationGap>> {
    throw new Error(`${actor.accountId} ${filter.text}`);
  }

  /** Nonpublic and early-childhood sites no public system serves. */
  async unserved(actor: SignedIn, filter: CoverageFilter = {}): Promise<CoverageList<UnservedSite>> {
    throw new Error(`${actor.accountId} ${filter.text}`);
  }

  /** All assignments in force, by system and name; `only: 'unsigned'`: those whose person has not signed. */
  async coordinators(
    actor: SignedIn,
    filter: CoverageFilter & { only?: 'unsigned' } = {},
  ): Promise<CoverageList<CoordinatorView>> {
    throw new Error(`${actor.accountId} ${filter.text}`);
  }

  /**
   * One school system at a glance, for its coordinators of whatever kind, its head and the state desk.
   * @param filter `text` narrows the sites, `page` turns them
   * @throws oversight.not-found (404) for anybody else, as for an unknown code
   */
  async system(actor: SignedIn, code: string, filter: CoverageFilter = {}): Promise<SystemPicture> {
    throw new Error(`${actor.accountId} ${code} ${filter.text}`);
  }
}
