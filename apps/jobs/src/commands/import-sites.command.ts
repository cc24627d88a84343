import { EntityManager } from '@mikro-orm/postgresql';
import { Command, CommandRunner, Option } from 'nest-commander';
import { holdRouting } from '#coordinators';
import { systemActor } from '#kernel';
import {
  type Progress,
  RegisterImport,
  type RegisterImported,
  registerLines,
  type RegisterOptions,
  type RegisterReport,
} from '#sites';
import { Terminal } from '../terminal.js';

interface Options {
  apply?: boolean;
  effective?: string;
  source?: string;
}

/** `import-sites FILE...`: what a register changes, kept for the state office; with `--apply` it is changed. */
@Command({
  name: 'import-sites',
  arguments: '<files...>',
  argsDescription: {
    files:
      'a CSV in UTF-8 (system_code, system_name, site_code, site_name; may have system_kind, site_kind, federal_site_code, serving_system_code), the schools and agencies of NCES, or OneRoster as a folder or zip',
  },
  description: 'preview a register of school systems and sites, or apply it',
})
export class ImportSitesCommand extends CommandRunner {
  constructor(
    private readonly em: EntityManager,
    private readonly register: RegisterImport,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(files: string[], { apply, effective: effectiveDay, source }: Options = {}): Promise<void> {
    const steps = countedSteps(this.terminal);
    const options = { effectiveDay, source, progress: steps.tell };
    const report = await (
      apply ? this.apply(files, options) : this.register.preview(systemActor, files, options)
    ).finally(steps.end);
    for (const line of registerLines(report)) this.terminal.line(line);
    this.terminal.line(lastLine(report));
  }

  /** Who decides may change with every place, so nobody routes meanwhile. */
  private apply(files: string[], options: RegisterOptions): Promise<RegisterImported> {
    return this.em.transactional(async (em) => {
      await holdRouting(em, 'everywhere', 'change');
      return this.register.apply(systemActor, files, options);
    });
  }

  @Option({ flags: '--apply', description: 'write the changes; without it only the preview' })
  parseApply(): boolean {
    return true;
  }

  @Option({
    flags: '--effective <day>',
    description: 'first day the file holds, such as 2026-07-15; today when left out',
  })
  effective(day: string): string {
    return day;
  }

  @Option({
    flags: '--source <code>',
    description: 'who says so, of config/register/sources.yaml; left out: the first one written in this format',
  })
  source(code: string): string {
    return code;
  }
}

/** Files so small that nobody waits for them are read without a word. */
const longFile = 10_000;

function countedSteps(terminal: Terminal): { tell: Progress; end: () => void } {
  let told = false;
  return {
    tell(what, done, total) {
      if (total < longFile) return;
      told = true;
      terminal.step(`${what} ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`);
    },
    end: () => void (told && terminal.stepsDone()),
  };
}

function lastLine(report: RegisterReport & Partial<RegisterImported>): string {
  const { plan, problems, applied, changeId } = report;
  if (applied === 'waits-for-second')
    return `This is one of two persons. Somebody of the state office has to look and apply it: /state/register/${changeId}`;
  if (applied) return applied === 'nothing' ? 'The register says so already; nothing was changed.' : 'Applied.';
  if (problems.length) return 'Only a preview. Mend the problems; then --apply takes it.';
  if (changeId) return `Only a preview; --apply writes it. The state office finds it at /state/register/${changeId}`;
  return plan.disagreements.length
    ? 'Only a preview; --apply writes down what is said otherwise.'
    : 'The register says so already; there is nothing to apply.';
}
