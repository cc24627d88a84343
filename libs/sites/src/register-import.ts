import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, isDay, localDay, readFileWithin, sha256 } from '#kernel';
import { sitesProblems } from './problems.js';
import { readRegister, type RegisterRow, type RowProblem } from './register-file.js';
import { planRegister, type RegisterPlan } from './register-plan.js';
import { countDeeds, openAfter, type RegisterReport } from './register-report.js';
import { lastChange, lockRegister, readState, writePlan } from './register-store.js';

export interface RegisterOptions {
  /** 'YYYY-MM-DD', the first day the file holds; today when absent. */
  effectiveDay?: string;
  /** How many sites may be gone, where the file leaves out suspiciously many; the number the preview tells. */
  gone?: number;
}

/** More open sites than this missing from a file look like a file cut in half (IM-5); three years' churn was 6 %. */
const goneLimit = (covered: number): number => Math.max(20, covered / 10);

interface ReadFile {
  rows: RegisterRow[];
  problems: RowProblem[];
  sha256: string;
}

/** Brings the register to what a file of the state says: first a preview, then the same file applied. */
@Injectable()
export class RegisterImport {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * What the file would change, problems by row included.
   * @throws kernel.bad-file
   */
  async preview(path: string, options: RegisterOptions = {}): Promise<RegisterReport> {
    return this.report(await this.read(path), options);
  }

  /**
   * Applies the file whole, in one transaction, or not at all. Applied twice it changes nothing.
   * @throws kernel.bad-file, sites.faulty-register (422) with the rows, sites.too-many-gone (409), sites.wrong-day (422)
   */
  async apply(actor: Actor, path: string, options: RegisterOptions = {}): Promise<RegisterReport> {
    const file = await this.read(path);
    return this.em.transactional(async () => {
      await lockRegister(this.em);
      const report = await this.report(file, options);
      checkProblems(report.problems);
      checkGone(report, options.gone);
      if (!report.plan.systems.length && !report.plan.sites.length) return report;
      await this.checkDay(report.effectiveDay);
      await writePlan(this.em, report.plan, report.effectiveDay);
      await this.audit.record(actor, {
        action: 'register.import',
        target: `file:${report.sha256}`,
        after: {
          effectiveDay: report.effectiveDay,
          rows: report.rows,
          systems: countDeeds(report.plan.systems),
          sites: countDeeds(report.plan.sites),
        },
      });
      return report;
    });
  }

  private async read(path: string): Promise<ReadFile> {
    const bytes = await readFileWithin(path);
    return { ...readRegister(bytes), sha256: sha256(bytes) };
  }

  private async report({ rows, problems, ...file }: ReadFile, options: RegisterOptions): Promise<RegisterReport> {
    const today = localDay(this.clock.now());
    const effectiveDay = options.effectiveDay ?? today;
    if (!isDay(effectiveDay)) {
      throw sitesProblems.wrongDay('The effective day must be a date such as 2026-07-15. Nothing was changed.');
    }
    if (effectiveDay > today) {
      throw sitesProblems.wrongDay(
        `${effectiveDay} is still to come. Apply the file on that day. Nothing was changed.`,
      );
    }
    const current = await readState(this.em);
    const plan = planRegister(current, rows);
    return {
      sha256: file.sha256,
      effectiveDay,
      rows: rows.length,
      plan,
      problems,
      manyGone: manyGone(plan),
      open: openAfter(current, plan),
    };
  }

  /** History is written forward only: not into the future, not before what is known already. */
  private async checkDay(day: string): Promise<void> {
    const last = await lastChange(this.em);
    if (last && day < last) {
      throw sitesProblems.wrongDay(
        `The register holds changes of ${last} already; choose that day or a later one. Nothing was changed.`,
      );
    }
  }
}

function checkProblems(problems: RowProblem[]): void {
  if (!problems.length) return;
  const some = problems.slice(0, 20).map(({ row, message }) => ({ field: `line ${row}`, message }));
  throw sitesProblems.faultyRegister(
    `${problems.length} faults in the file. Mend them and try again. Nothing was changed.`,
    { errors: some },
  );
}

/** How many sites are gone, when that is more than a file may leave out without being asked. */
function manyGone({ sites, covered }: RegisterPlan): number | undefined {
  const { gone } = countDeeds(sites);
  return gone > goneLimit(covered) ? gone : undefined;
}

function checkGone({ plan, manyGone: gone }: RegisterReport, agreed: number | undefined): void {
  if (gone === undefined || gone === agreed) return;
  throw sitesProblems.tooManyGone(
    `The file leaves out ${gone} of ${plan.covered} open sites, so it may be incomplete. If they are really closed, apply it again with --gone ${gone}. Nothing was changed.`,
  );
}
