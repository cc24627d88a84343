import { Command, CommandRunner } from 'nest-commander';
import { SitesHistoryCommand } from './sites-history.command.js';
import { SitesCloseCommand, SitesMergeCommand } from './sites-close.commands.js';
import { SitesMoveCommand, SitesServeCommand } from './sites-belong.commands.js';

/** `sites VERB`: looks at single places and changes them, between two registers. */
@Command({
  name: 'sites',
  description: 'look at single places and change them, between two registers',
  subCommands: [SitesHistoryCommand, SitesServeCommand, SitesMoveCommand, SitesCloseCommand, SitesMergeCommand],
})
export class SitesCommand extends CommandRunner {
  async run(): Promise<void> {
    this.command.help({ error: true });
  }
}
