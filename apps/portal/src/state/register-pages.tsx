import { Injectable } from '@nestjs/common';
import { AccountsService } from '#accounts';
import type { FieldFault, Problem, SignedIn } from '#kernel';
import { RegisterImpact } from '#oversight';
import { type PlaceDeed, RegisterChanges, type RegisterChangeView } from '#sites';
import { Pages, type PageRequest } from '#web';
import { RegisterChangePage } from './register-change.page.js';
import type { RowsShown } from './register-rows.js';
import { deedWords } from './register-words.js';

/** As many rows as a form can choose from. */
export const rowsPerPage = 100;

/** What an address of a register file says beside the file. */
interface RegisterLook {
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  deed?: unknown;
  page?: unknown;
}

/** The page of a register file, for all who draw it. */
@Injectable()
export class RegisterPages {
  constructor(
    private readonly register: RegisterChanges,
    private readonly impact: RegisterImpact,
    private readonly accounts: AccountsService,
    private readonly pages: Pages,
  ) {}

  async draw(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    { deed, page, ...told }: RegisterLook,
  ): Promise<string> {
    const change = await this.register.get(id);
    const shown = shownOf(change, deed, page);
    const impacts = await this.impact.of(actor, shown.rows);
    const names = await this.namesOf(change);
    return this.pages.draw(request, (frame) => (
      <RegisterChangePage frame={frame} {...{ change, shown, impacts, names }} {...told} />
    ));
  }

  private async namesOf({ madeBy, confirmedBy, appliedBy }: RegisterChangeView): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    for (const id of new Set([madeBy, confirmedBy, appliedBy])) {
      const account = id && id !== 'operator' ? await this.accounts.find(id) : undefined;
      if (account) names.set(account.id, `${account.firstName} ${account.lastName}`);
    }
    return names;
  }
}

/** A page of the rows that are left, or, once it is settled, of those that were applied. */
function shownOf(change: RegisterChangeView, deed: unknown, page: unknown): RowsShown {
  const wanted = typeof deed === 'string' && Object.hasOwn(deedWords, deed) ? (deed as PlaceDeed) : undefined;
  const all = change.status === 'applied' ? change.done : change.plan;
  const fitting = wanted ? all.filter(({ deeds }) => deeds.includes(wanted)) : all;
  const pages = Math.max(1, Math.ceil(fitting.length / rowsPerPage));
  const at = typeof page === 'string' && /^[1-9]\d{0,5}$/.test(page) ? Math.min(Number(page), pages) : 1;
  const rows = fitting.slice((at - 1) * rowsPerPage, at * rowsPerPage);
  return { rows, total: fitting.length, page: at, pages, deed: wanted };
}
