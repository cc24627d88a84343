import { Option, SubCommand } from 'nest-commander';
import { systemActor } from '#kernel';
import { SitesChange } from './sites-change.js';

/** `sites serve CODE SYSTEM|none`: the public system that serves a site it does not own. */
@SubCommand({
  name: 'serve',
  arguments: '<code> <system>',
  argsDescription: { code: 'code of the site', system: 'code of the public school system, or none' },
  description: 'say which public school system serves a nonpublic, early childhood or support site',
})
export class SitesServeCommand extends SitesChange {
  async run([siteCode, system]: [string, string], { from: fromDay }: { from?: string } = {}): Promise<void> {
    const systemCode = system === 'none' ? null : system;
    await this.make(() => this.organisation.serve(systemActor, { siteCode, systemCode, fromDay }));
    const server = systemCode === null ? 'no school system' : await this.named('system', systemCode);
    this.terminal.line(`${await this.named('site', siteCode)} is served by ${server} from ${fromDay ?? 'today'} on.`);
  }

  @Option({
    flags: '--from <day>',
    description: 'first day, such as 2026-07-15, also one to come; today when left out',
  })
  from(day: string): string {
    return day;
  }
}

/** `sites move CODE SYSTEM`: the system a site belongs to. */
@SubCommand({
  name: 'move',
  arguments: '<code> <system>',
  argsDescription: { code: 'code of the site', system: 'code of the school system it belongs to from then on' },
  description: 'move a site to another school system',
})
export class SitesMoveCommand extends SitesChange {
  async run([siteCode, systemCode]: [string, string], { from: fromDay }: { from?: string } = {}): Promise<void> {
    await this.make(() => this.organisation.move(systemActor, { siteCode, systemCode, fromDay }));
    this.terminal.line(
      `${await this.named('site', siteCode)} belongs to ${await this.named('system', systemCode)} from ${fromDay ?? 'today'} on.`,
    );
  }

  @Option({
    flags: '--from <day>',
    description: 'first day, such as 2026-07-15, not one to come; today when left out',
  })
  from(day: string): string {
    return day;
  }
}
