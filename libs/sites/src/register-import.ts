import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, isDay, localDay } from '#kernel';
import { readSettled, recordDisagreements } from './disagreement-store.js';
import { sitesProblems } from './problems.js';
import { keepChange } from './register-change-store.js';
import { actorKey, needsSecond } from './register-change-rules.js';
import type { RegisterApplied } from './register-change-views.js';
import { RegisterChanges } from './register-changes.js';
import { readRegister, type RegisterFile } from './register-file.js';
import { planRegister } from './register-plan.js';
import type { RegisterReport } from './register-report.js';
import type { Progress, RowProblem } from './register-row.js';
import { RegisterSources } from './register-sources.js';
import { registerAfter } from './register-state.js';
import { lockRegister, readState } from './register-store.js';

export interface RegisterOptions {
  /** 'YYYY-MM-DD', the first day the file holds; today when absent. */
  effectiveDay?: string;
  /** Code of config/register/sources.yaml; absent: the first source written in the file's format. */
  source?: string;
  progress?: Progress;
}

/** What `apply` did: `nothing` where the register said so already. */
export interface RegisterImported extends RegisterReport {
  applied: RegisterApplied['status'] | 'nothing';
}

/** Brings the register to what a file says: first a preview, which is kept, then the same file applied. */
@Injectable()
export class RegisterImport {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly sources: RegisterSources,
    private readonly changes: RegisterChanges,
  ) {}

  /**
   * What the files would change, problems by row included. Without problems it is kept as a register change, so that the
   * state office can open it.
   * @param files one file, or several that belong together
   * @throws kernel.bad-file, sites.unknown-source, sites.wrong-day (422)
   */
  async preview(actor: Actor, files: string | string[], options: RegisterOptions = {}): Promise<RegisterReport> {
    const file = await this.read(files, options);
    return this.em.transactional(async () => {
      await lockRegister(this.em);
      return this.report(actor, file, options);
    });
  }

  /**
   * Applies the files whole, in one transaction, or not at all; or is the first of two persons, where many sites would
   * close. Applied twice it changes nothing. The caller holds the routing.
   * @throws as `preview`, sites.faulty-register (422) with the rows, sites.second-person (409), sites.wrong-day (422)
   */
  async apply(actor: Actor, files: string | string[], options: RegisterOptions = {}): Promise<RegisterImported> {
    const file = await this.read(files, options);
    return this.em.transactional(async () => {
      await lockRegister(this.em);
      const report = await this.report(actor, file, options);
      checkProblems(report.problems);
      if (report.changeId) {
        const { status } = await this.changes.apply(actor, report.changeId, { progress: options.progress });
        return { ...report, applied: status };
      }
      return { ...report, applied: await this.recordOnly(actor, file, report) };
    });
  }

  private async read(files: string | string[], { source, progress }: RegisterOptions): Promise<RegisterFile> {
    const file = await readRegister([files].flat(), { sources: this.sources, source });
    progress?.('read', file.rows.length, file.rows.length);
    return file;
  }

  private async report(actor: Actor, file: RegisterFile, options: RegisterOptions): Promise<RegisterReport> {
    const now = this.clock.now();
    const effectiveDay = checkDay(options.effectiveDay, localDay(now));
    const current = await readState(this.em);
    const plan = planRegister(current, file, await readSettled(this.em));
    const problems = [...file.problems, ...plan.problems].sort((one, other) => one.row - other.row);
    const changes = plan.systems.length + plan.sites.length > 0;
    options.progress?.('compared', file.rows.length, file.rows.length);
    const change =
      changes && !problems.length
        ? await keepChange(this.em, { file, plan, effectiveDay, by: actorKey(actor), now })
        : undefined;
    const open = registerAfter(current, plan);
    const opened = (places: Map<string, { open: boolean }>): number =>
      [...places.values()].filter((place) => place.open).length;
    return {
      sha256: file.sha256,
      source: file.source,
      effectiveDay,
      rows: file.rows.length,
      plan,
      problems,
      changeId: change?.id,
      needsSecond: needsSecond(plan),
      open: { systems: opened(open.systems), sites: opened(open.sites) },
    };
  }

  /** A file that changes no place may still say things otherwise. */
  private async recordOnly(actor: Actor, file: RegisterFile, { plan }: RegisterReport): Promise<'applied' | 'nothing'> {
    const now = this.clock.now();
    const source = file.source.code;
    const added = await recordDisagreements(this.em, {
      source,
      disagreements: plan.disagreements,
      complete: file.complete,
      now,
      day: localDay(now),
    });
    if (!added) return 'nothing';
    await this.audit.record(actor, {
      action: 'register.compare',
      target: `file:${file.sha256}`,
      after: { source, added },
    });
    return 'applied';
  }
}

function checkDay(effectiveDay: string | undefined, today: string): string {
  const day = effectiveDay ?? today;
  if (!isDay(day))
    throw sitesProblems.wrongDay('The effective day must be a date such as 2026-07-15. Nothing was changed.');
  if (day > today)
    throw sitesProblems.wrongDay(`${day} is still to come. Apply the file on that day. Nothing was changed.`);
  return day;
}

function checkProblems(problems: RowProblem[]): void {
  if (!problems.length) return;
  const some = problems.slice(0, 20).map(({ row, message }) => ({ field: row ? `line ${row}` : 'the file', message }));
  throw sitesProblems.faultyRegister(
    `${problems.length} faults in the file. Mend them and try again. Nothing was changed.`,
    { errors: some },
  );
}
