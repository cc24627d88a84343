import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CommandRunner } from 'nest-commander';
import { holdRouting } from '#coordinators';
import { Organisation, SitesService } from '#sites';
import { Terminal } from '../terminal.js';

/** What the commands that change one place share. */
@Injectable()
export abstract class SitesChange extends CommandRunner {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    protected readonly organisation: Organisation,
    protected readonly terminal: Terminal,
  ) {
    super();
  }

  /** Runs the verb in one transaction, while nobody is being routed to a decider of a moment ago. */
  protected make(verb: () => Promise<void>): Promise<void> {
    return this.em.transactional(async () => {
      await holdRouting(this.em, 'everywhere', 'change');
      await verb();
    });
  }

  /** `Oak School (001005)` */
  protected async named(level: 'site' | 'system', code: string): Promise<string> {
    return `${(await this.sites.place({ level, code })).name} (${code})`;
  }
}
