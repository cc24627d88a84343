import { Command, CommandRunner, Option } from 'nest-commander';
import { DepartureSweep } from '#compliance';
import { systemActor } from '#kernel';
import { feedLines, StaffFeedImport } from '#staff';
import { Terminal } from '../terminal.js';

/** `import-staff FILE`: the fate of every row of a staff file; with `--apply` it is written, and access follows. */
@Command({
  name: 'import-staff',
  arguments: '<file>',
  argsDescription: {
    file: 'LA Unique Id file (TH, ID, TT), or CSV in UTF-8: staff_id, last_name, first_name, middle_name, birth_date, site_code, position, from, to',
  },
  description: 'preview a staff file, or apply it',
})
export class ImportStaffCommand extends CommandRunner {
  constructor(
    private readonly feed: StaffFeedImport,
    private readonly departures: DepartureSweep,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([file]: string[], { apply }: { apply?: boolean } = {}): Promise<void> {
    const report = apply ? await this.feed.apply(systemActor, file!) : await this.feed.preview(file!);
    for (const line of feedLines(report)) this.terminal.line(line);
    const changed = report.counts['new-person'] + report.counts.changed > 0;
    if (report.held) {
      this.terminal.line('Nothing was written. Once the state office has confirmed the file, apply it again.');
      return;
    }
    const left = apply ? await this.departures.followEnds() : 0;
    if (left) this.terminal.line(`Access ended: ${left} people.`);
    if (apply) this.terminal.line(changed ? 'Applied.' : 'The records say so already; nothing was changed.');
    else
      this.terminal.line(
        changed ? 'Only a preview; --apply writes it.' : 'The records say so already; there is nothing to apply.',
      );
  }

  @Option({ flags: '--apply', description: 'write the changes; without it only the preview' })
  apply(): boolean {
    return true;
  }
}
