import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Changes, Clock, isDay, isPlainText, localDay, tidy } from '#kernel';
import {
  type DisagreementRow,
  disagreementRows,
  disagreementView,
  type DisagreementView,
} from './disagreement-views.js';
import { likelySystemKind } from './kinds.js';
import { locationKey } from './location.js';
import { Organisation } from './organisation.js';
import { sitesProblems } from './problems.js';
import { actorKey, checkOrder, touchedSystems } from './register-change-rules.js';
import { RegisterDisagreement } from './register-change.js';
import { type RegisterField, RegisterSources } from './register-sources.js';
import {
  brokenAfter,
  type PlaceState,
  registerAfter,
  type RegisterState,
  type RegisterSteps,
  type SiteState,
} from './register-state.js';
import { lockRegister, readState, writePlan } from './register-store.js';

export interface Settlement {
  outcome: 'register' | 'source';
  /** Why; plain text of at most 500 characters. */
  note?: string;
  /** The first day the source's value holds; today when absent. */
  effectiveDay?: string;
}

/** Where sources say otherwise than the register, to be settled by the state office. Says not who may. */
@Injectable()
export class Disagreements {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly organisation: Organisation,
    private readonly sources: RegisterSources,
  ) {}

  /** Open ones by place (default), or settled ones, newest first; at most 500. */
  async list(settled = false): Promise<DisagreementView[]> {
    const which = settled
      ? 'd.settled_at is not null order by d.settled_at desc, d.id'
      : 'd.settled_at is null order by d.level desc, d.code, d.field, d.source';
    const rows = await this.em.execute<DisagreementRow[]>(`${disagreementRows} where ${which} limit 500`);
    return rows.map((row) => disagreementView(row, this.sources));
  }

  /** How many wait. */
  async count(): Promise<number> {
    const [row] = await this.em.execute<{ count: number }[]>(
      `select count(*)::int as count from register_disagreement where settled_at is null`,
    );
    return row!.count;
  }

  /**
   * Says who is right. For the source, its value is written from a day on, and the register's own file changes it back no
   * more; a system that only the source knows is opened. The caller holds the routing.
   * @throws sites.unknown-disagreement (404), sites.settled-already (409), sites.wrong-day, sites.bad-note (422), and what
   *   `Organisation` throws for a parent or serving system that does not go
   */
  async settle(actor: Actor, id: string, { outcome, note, effectiveDay }: Settlement): Promise<void> {
    const words = checkedNote(note);
    await this.em.transactional(async () => {
      await lockRegister(this.em);
      const open = await this.hold(id);
      const today = localDay(this.clock.now());
      const day = effectiveDay ?? today;
      if (!isDay(day) || day > today)
        throw sitesProblems.wrongDay('Name a day such as 2026-07-15 that is not to come. Nothing was changed.');
      if (outcome === 'source') await this.write(actor, open, { day, today });
      this.em.assign(open, { settledAt: this.clock.now(), settledBy: actorKey(actor), outcome, note: words });
      await this.em.flush();
      await this.audit.record(actor, {
        action: 'register.settle',
        target: locationKey(open),
        reason: words ?? undefined,
        after: {
          field: open.field,
          source: open.source,
          outcome,
          register: open.registerValue,
          told: open.sourceValue,
        },
      });
    });
  }

  private async hold(id: string): Promise<RegisterDisagreement> {
    const open = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
      ? await this.em.findOne(RegisterDisagreement, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      : null;
    if (!open) throw sitesProblems.unknownDisagreement('There is no such disagreement. Look at the list.');
    if (open.settledAt)
      throw sitesProblems.settledAlready('Somebody settled this already. Look at the list of settled ones.');
    return open;
  }

  /** Writes the source's value into the register, from a day on. */
  private async write(actor: Actor, open: RegisterDisagreement, on: { day: string; today: string }): Promise<void> {
    const { level, code, field, sourceValue } = open;
    if (field === 'parent') {
      await this.openSystem(open, on);
      return this.organisation.move(actor, { siteCode: code, systemCode: sourceValue!, fromDay: on.day });
    }
    if (field === 'serving')
      return this.organisation.serve(actor, { siteCode: code, systemCode: sourceValue ?? null, fromDay: on.day });
    const current = await readState(this.em);
    const before = (level === 'system' ? current.systems : current.sites).get(code)!;
    const step = { before, after: changed(before, field, sourceValue ?? undefined) };
    await this.writeSteps(current, { systems: [], sites: [], [`${level}s`]: [step] }, actor, on, before.name);
  }

  private async writeSteps(
    current: RegisterState,
    steps: RegisterSteps,
    actor: Actor,
    { day, today }: { day: string; today: string },
    name: string,
  ): Promise<void> {
    const before = new Set(brokenAfter(current).map(locationKey));
    const broken = brokenAfter(registerAfter(current, steps)).find((one) => !before.has(locationKey(one)));
    if (broken)
      throw sitesProblems.closed(
        `Site ${broken.code} ${broken.how} system ${broken.needs.code}, which is closed. Open the system first.`,
      );
    await checkOrder(this.em, day, today);
    await writePlan(this.em, steps, day);
    const systems = touchedSystems(steps);
    if (systems.length)
      await this.changes.announce(actor, { cause: `What the register says of ${name} changed.`, systems });
  }

  /** A system that the register does not have, or has closed, opens under the name the source gives it. */
  private async openSystem(open: RegisterDisagreement, { day, today }: { day: string; today: string }): Promise<void> {
    const current = await readState(this.em);
    const code = open.sourceValue!;
    const before = current.systems.get(code);
    if (before?.open) return;
    const kind = current.systems.get(open.registerValue ?? '')?.kind ?? likelySystemKind(code);
    const after = { code, name: before?.name ?? open.sourceLabel ?? code, kind: before?.kind ?? kind, open: true };
    await checkOrder(this.em, day, today);
    await writePlan(this.em, { systems: [{ before, after }], sites: [] }, day);
  }
}

function checkedNote(note: string | undefined): string | null {
  const words = tidy(note ?? '');
  if (words.length > 500 || !isPlainText(words))
    throw sitesProblems.badNote('Write at most 500 plain characters. Nothing was changed.');
  return words || null;
}

/** The place with the source's value in one field. */
function changed(place: PlaceState, field: RegisterField, value: string | undefined): PlaceState {
  if (field === 'opening') return { ...place, open: value === 'open' };
  if (field === 'federal-code') return { ...place, federalCode: value } as SiteState;
  return { ...place, [field]: value };
}
