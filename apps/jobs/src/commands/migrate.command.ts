import { Inject } from '@nestjs/common';
import { Command, CommandRunner } from 'nest-commander';
import { SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { migrate } from '../../../../config/migrate.js';
import { Terminal } from '../terminal.js';

/** `migrate`: brings the database to this version. */
@Command({ name: 'migrate', description: 'bring the database to this version; safe to run again' })
export class MigrateCommand extends CommandRunner {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(): Promise<void> {
    const applied = await migrate(this.settings);
    for (const name of applied) this.terminal.line(`applied ${name}`);
    this.terminal.line(
      applied.length ? 'The database is at this version now.' : 'The database was at this version already.',
    );
  }
}
