import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Changes, Clock, localDay } from '#kernel';
import { readSettled, recordDisagreements } from './disagreement-store.js';
import { sitesProblems } from './problems.js';
import { RegisterChange, type RegisterChangeStatus } from './register-change.js';
import {
  actorKey,
  causeOf,
  checkOrder,
  checkSeen,
  chosenSteps,
  confirmsRows,
  isSecond,
  needsSecond,
  touchedSystems,
} from './register-change-rules.js';
import { type ChangeContent, type KeptRows, leftOf, pack, unconfirmed, unpack } from './register-change-store.js';
import {
  type RegisterApplied,
  type RegisterChangeSummary,
  type RegisterChangeView,
  rowChanges,
  summaryOf,
} from './register-change-views.js';
import { planRegister, type RegisterPlan } from './register-plan.js';
import type { Progress } from './register-row.js';
import { RegisterSources } from './register-sources.js';
import {
  countDeeds,
  deedsOf,
  type PlaceDeed,
  registerAfter,
  type RegisterState,
  type RegisterSteps,
} from './register-state.js';
import { lockRegister, readState, writePlan } from './register-store.js';
import { planDifferences } from './register-words.js';

/** Register files that were previewed, for the state office: look, apply whole or by row, drop. Says not who may. */
@Injectable()
export class RegisterChanges {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly sources: RegisterSources,
  ) {}

  /** The newest first, at most 200. */
  async list(status?: RegisterChangeStatus): Promise<RegisterChangeSummary[]> {
    const rows = await this.reading.find(RegisterChange, status ? { status } : {}, {
      exclude: ['content'],
      orderBy: { madeAt: 'desc', id: 'asc' },
      limit: 200,
    });
    return rows.map((row) => summaryOf(row as RegisterChange, this.sources));
  }

  /** @throws sites.unknown-change (404) */
  async get(id: string): Promise<RegisterChangeView> {
    const change = await this.find(id);
    const { file, plan, done } = unpack(change);
    const current = await readState(this.em);
    const open = !isOver(change);
    const movedOn = open ? planDifferences(plan, await this.plan(change, file, current)) : [];
    return {
      ...summaryOf(change, this.sources),
      plan: rowChanges(current, plan),
      done: rowChanges(current, done),
      planHash: change.planHash,
      covered: plan.covered,
      needsSecond: needsSecond(plan, change.closedSites),
      confirmedOnly: change.confirmedOnly ?? undefined,
      movedOn,
    };
  }

  /**
   * Applies what is left of a change, or the rows named. Who would close many sites is the first of two persons; the
   * second applies. The caller holds the routing.
   * @param how `only`: keys of rows (`site:001005`), all when absent; `planHash`: of the page the person saw; `accounts`:
   *   further accounts the person has or had, for a second account is no second person
   * @throws sites.unknown-change (404), sites.change-ended (409), sites.register-moved-on (409, naming what changed),
   *   sites.second-person (409: the same person again), sites.row-needs-others (422), sites.wrong-day (422)
   */
  async apply(
    actor: Actor,
    id: string,
    how: { only?: string[]; planHash?: string; accounts?: string[]; progress?: Progress } = {},
  ): Promise<RegisterApplied> {
    return this.em.transactional(async () => {
      await lockRegister(this.em);
      const change = await this.hold(id);
      const { file, plan, done } = unpack(change);
      const current = await readState(this.em);
      const fresh = await this.plan(change, file, current);
      checkSeen(change, how.planHash, planDifferences(plan, fresh));
      const steps = chosenSteps(current, fresh, how.only);
      const needsTwo = needsSecond({ ...steps, covered: fresh.covered }, change.closedSites);
      const own = [actorKey(actor), ...(how.accounts ?? [])];
      if (needsTwo && !isSecond(change, own, how.only)) return this.confirm(actor, change, own, how.only);

      const today = localDay(this.clock.now());
      await checkOrder(this.em, change.effectiveDay, today);
      await writePlan(this.em, steps, change.effectiveDay, how.progress);
      await recordDisagreements(this.em, {
        source: change.source,
        disagreements: fresh.disagreements,
        complete: file.complete,
        now: this.clock.now(),
        day: today,
      });
      const left = await this.plan(change, file, registerAfter(current, steps));
      const content = {
        file,
        plan: { systems: left.systems, sites: left.sites, covered: left.covered },
        done: { systems: [...done.systems, ...steps.systems], sites: [...done.sites, ...steps.sites] },
      };
      const applied = await this.note(actor, change, { content, steps, only: how.only });
      if (current.sites.size && applied.systems.length)
        await this.changes.announce(actor, {
          cause: causeOf(change),
          systems: applied.systems,
          closedSites: applied.closedSites,
          movedSites: applied.movedSites,
        });
      return applied;
    });
  }

  /** Notes with the change, and in the audit log, what was written. */
  private async note(
    actor: Actor,
    change: RegisterChange,
    { content, steps, only }: { content: ChangeContent; steps: RegisterSteps; only?: string[] },
  ): Promise<RegisterApplied> {
    const rows = steps.systems.length + steps.sites.length;
    const sitesThat = (deed: PlaceDeed): string[] =>
      steps.sites.filter((step) => deedsOf(step).includes(deed)).map(({ after }) => after.code);
    const closedSites = sitesThat('gone');
    const isWhole = !content.plan.systems.length && !content.plan.sites.length;
    this.em.assign(change, {
      ...leftOf(content.plan),
      content: pack(content),
      status: isWhole ? 'applied' : 'previewed',
      appliedBy: actorKey(actor),
      appliedAt: this.clock.now(),
      appliedRows: change.appliedRows + rows,
      closedSites: change.closedSites + closedSites.length,
      ...(only && unconfirmed),
    });
    await this.em.flush();
    await this.record(actor, 'register.import', change, {
      effectiveDay: change.effectiveDay,
      systems: countDeeds(steps.systems),
      sites: countDeeds(steps.sites),
      ...(only && { only }),
    });
    const status = isWhole ? 'applied' : 'partly-applied';
    return { status, rows, systems: touchedSystems(steps), closedSites, movedSites: sitesThat('moved') };
  }

  /** Plans the file again on the register as it is now; a first person's word is void. @throws sites.unknown-change, sites.change-ended */
  async refresh(actor: Actor, id: string): Promise<RegisterChangeView> {
    return this.em.transactional(async () => {
      await lockRegister(this.em);
      const change = await this.hold(id);
      const { file, plan: seen, done } = unpack(change);
      const { systems, sites, covered } = await this.plan(change, file, await readState(this.em));
      const nothingLeft = !systems.length && !sites.length;
      if (planDifferences(seen, { systems, sites }).length) {
        this.em.assign(change, {
          ...leftOf({ systems, sites }),
          content: pack({ file, plan: { systems, sites, covered }, done }),
          status: nothingLeft ? 'dropped' : 'previewed',
          ...unconfirmed,
        });
        await this.em.flush();
        await this.record(actor, 'register.refresh', change, leftOf({ systems, sites }));
      }
      return this.get(id);
    });
  }

  /** The change will not be applied. @throws sites.unknown-change, sites.change-ended */
  async drop(actor: Actor, id: string): Promise<void> {
    await this.em.transactional(async () => {
      await lockRegister(this.em);
      const change = await this.hold(id);
      change.status = 'dropped';
      await this.em.flush();
      await this.record(actor, 'register.drop', change, {});
    });
  }

  /** Pages read outside a transaction. */
  private get reading(): EntityManager {
    return this.em.isInTransaction() ? this.em : this.em.fork();
  }

  private async find(id: string): Promise<RegisterChange> {
    const change = isId(id) ? await this.reading.findOne(RegisterChange, { id }) : null;
    if (!change) throw sitesProblems.unknownChange('There is no such register change. Look at the list of changes.');
    return change;
  }

  private async hold(id: string): Promise<RegisterChange> {
    const change = await this.find(id);
    await this.em.refresh(change, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (isOver(change))
      throw sitesProblems.changeEnded(
        `This change was ${change.status} already. Preview the file again if more is to change.`,
      );
    return change;
  }

  private async plan(change: RegisterChange, file: KeptRows, current: RegisterState): Promise<RegisterPlan> {
    return planRegister(current, { ...file, source: this.sources.known(change.source) }, await readSettled(this.em));
  }

  private async confirm(
    actor: Actor,
    change: RegisterChange,
    own: string[],
    only: string[] | undefined,
  ): Promise<RegisterApplied> {
    if (change.confirmedBy && own.includes(change.confirmedBy) && confirmsRows(change, only))
      throw sitesProblems.secondPerson(
        'You have said yes to this already. It closes many sites, so somebody else of the state office has to look and apply it.',
        { refusal: { action: 'register.import', target: `register-change:${change.id}` } },
      );
    this.em.assign(change, {
      status: 'waits-for-second',
      confirmedBy: actorKey(actor),
      confirmedAt: this.clock.now(),
      confirmedOnly: only ? [...only].sort() : null,
    });
    await this.em.flush();
    await this.record(actor, 'register.confirm', change, { ...(only && { only }) });
    return { status: 'waits-for-second', rows: 0, systems: [], closedSites: [], movedSites: [] };
  }

  private record(actor: Actor, action: string, change: RegisterChange, after: Record<string, unknown>): Promise<void> {
    return this.audit.record(actor, {
      action,
      target: `register-change:${change.id}`,
      after: { file: change.sha256, source: change.source, ...after },
    });
  }
}

const isOver = ({ status }: RegisterChange): boolean => status === 'applied' || status === 'dropped';

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
