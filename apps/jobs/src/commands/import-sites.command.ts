import { Command, CommandRunner, Option } from 'nest-commander';
import { systemActor } from '#kernel';
import { RegisterImport, registerLines } from '#sites';
import { Terminal } from '../terminal.js';

interface Options {
  apply?: boolean;
  effective?: string;
  gone?: number;
}

/** `import-sites FILE`: what a register file changes; with `--apply` it is changed. */
@Command({
  name: 'import-sites',
  arguments: '<file>',
  argsDescription: {
    file: 'CSV in UTF-8: system_code, system_name, site_code, site_name; may have system_kind, site_kind, federal_site_code',
  },
  description: 'preview a register of school systems and sites, or apply it',
})
export class ImportSitesCommand extends CommandRunner {
  constructor(
    private readonly register: RegisterImport,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([file]: string[], { apply, effective: effectiveDay, gone }: Options = {}): Promise<void> {
    const options = { effectiveDay, gone };
    const report = apply
      ? await this.register.apply(systemActor, file!, options)
      : await this.register.preview(file!, options);
    for (const line of registerLines(report)) this.terminal.line(line);
    const changed = report.plan.systems.length + report.plan.sites.length > 0;
    if (apply) this.terminal.line(changed ? 'Applied.' : 'The register says so already; nothing was changed.');
    else
      this.terminal.line(
        report.problems.length
          ? 'Only a preview. Mend the problems; then --apply takes it.'
          : changed
            ? 'Only a preview; --apply writes it.'
            : 'The register says so already; there is nothing to apply.',
      );
  }

  @Option({ flags: '--apply', description: 'write the changes; without it only the preview' })
  apply(): boolean {
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
    flags: '--gone <count>',
    description: 'take a file that leaves out many sites: how many, as the preview tells',
  })
  gone(count: string): number {
    return Number(count);
  }
}
