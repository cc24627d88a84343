import { Injectable } from '@nestjs/common';
import { InjectCommander } from 'nest-commander';
import { Terminal } from './terminal.js';

/** What we use of a commander command. */
interface Commander {
  readonly commands: readonly Commander[];
  name(text: string): unknown;
  exitOverride(callback: (fault: WrongUsage) => never): unknown;
  configureOutput(output: { writeOut(text: string): void; writeErr(text: string): void }): unknown;
  showHelpAfterError(hint: string): unknown;
  parseAsync(argv: string[], options: { from: 'user' }): Promise<unknown>;
}

/** commander's own refusal; help asked for is one with exit code 0. */
export interface WrongUsage extends Error {
  code: string;
  exitCode: number;
}

export const isWrongUsage = (fault: unknown): fault is WrongUsage =>
  fault instanceof Error && String((fault as WrongUsage).code).startsWith('commander.');

const withSubcommands = (command: Commander): Commander[] => [command, ...command.commands.flatMap(withSubcommands)];

/** Runs one command line without ever ending the process: commander does so on wrong usage unless told otherwise, for each command. */
@Injectable()
export class CommandLine {
  private readonly root: Commander;

  constructor(
    @InjectCommander() root: object,
    private readonly terminal: Terminal,
  ) {
    this.root = root as Commander;
  }

  /** @throws what the command throws, or WrongUsage */
  async run(argv: string[]): Promise<void> {
    this.root.name('npm run jobs --');
    for (const command of withSubcommands(this.root)) {
      command.exitOverride((fault) => {
        throw fault;
      });
      const lines = (text: string): string => text.replace(/\n+$/, '');
      command.configureOutput({
        writeOut: (text) => this.terminal.line(lines(text)),
        writeErr: (text) => this.terminal.warn(lines(text)),
      });
      command.showHelpAfterError('(--help tells what there is)');
    }
    await this.root.parseAsync(argv, { from: 'user' });
  }
}
