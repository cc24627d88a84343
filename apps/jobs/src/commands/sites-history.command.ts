import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { codeSchemes, type CodeScheme, kindNames, type Location, type PlacedLocation, SitesService } from '#sites';
import { Terminal } from '../terminal.js';

/** `sites history CODE`: a place as it is, and what happened to it. */
@SubCommand({
  name: 'history',
  arguments: '<code>',
  argsDescription: { code: 'code of a site; with --system of a school system' },
  description: 'what a place is and what happened to it',
})
export class SitesHistoryCommand extends CommandRunner {
  constructor(
    private readonly sites: SitesService,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([code]: string[], { system }: { system?: boolean } = {}): Promise<void> {
    const location: Location = { level: system ? 'system' : 'site', code: code! };
    const place = await this.sites.place(location);
    for (const line of aboutPlace(place)) this.terminal.line(line);
    for (const [scheme, value] of Object.entries(await this.sites.codes(location)))
      this.terminal.line(`${codeSchemes[scheme as CodeScheme]}: ${value}`);
    this.terminal.line('');
    const events = await this.sites.history(location);
    for (const { day, text } of events) this.terminal.line(`${day}  ${text}`);
    if (!events.length) this.terminal.line('Nothing is on record that happened to it.');
  }

  @Option({ flags: '--system', description: 'the code is that of a school system' })
  system(): boolean {
    return true;
  }
}

const aboutPlace = ({ level, name, code, kind, open, system, serving }: PlacedLocation): string[] => [
  `${name} (${code}), ${kindNames[kind]}, ${open ? 'open' : 'closed'}`,
  ...(level === 'site' ? [`${open ? 'Belongs' : 'Belonged'} to ${system.name} (${system.code})`] : []),
  ...(serving ? [`Served by ${serving.name} (${serving.code})`] : []),
];
