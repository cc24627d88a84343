import { Option, SubCommand } from 'nest-commander';
import { systemActor } from '#kernel';
import { SitesChange } from './sites-change.js';

/** `sites close CODE --reason TEXT`: a site is closed from today on. */
@SubCommand({
  name: 'close',
  arguments: '<code>',
  argsDescription: { code: 'code of the site' },
  description: 'close a site from today on',
})
export class SitesCloseCommand extends SitesChange {
  async run([siteCode]: [string], { reason }: { reason: string }): Promise<void> {
    await this.make(() => this.organisation.close(systemActor, { siteCode, reason }));
    this.terminal.line(`${await this.named('site', siteCode)} is closed from today on.`);
  }

  @Option({ flags: '--reason <text>', description: 'why; kept', required: true })
  reason(text: string): string {
    return text;
  }
}

/** `sites merge CODE INTO`: a site is closed from today on, and another takes over from it. */
@SubCommand({
  name: 'merge',
  arguments: '<code> <into>',
  argsDescription: { code: 'code of the site that closes', into: 'code of the site that takes over from it' },
  description: 'close a site from today on; another takes over from it',
})
export class SitesMergeCommand extends SitesChange {
  async run([siteCode, intoCode]: [string, string]): Promise<void> {
    await this.make(() => this.organisation.merge(systemActor, { siteCode, intoCode }));
    this.terminal.line(
      `${await this.named('site', siteCode)} is closed from today on; ${await this.named('site', intoCode)} took over from it.`,
    );
  }
}
