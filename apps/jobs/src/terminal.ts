import { Injectable } from '@nestjs/common';

/** Where a command speaks. Tests put another in its place. */
@Injectable()
export class Terminal {
  /** What was asked for: standard output. */
  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** What the operator should look at: standard error. */
  warn(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** How far long work is: written over by the next step on a terminal, a line each elsewhere. */
  step(text: string): void {
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  }

  /** The last step stays, and what follows begins on a line of its own. */
  stepsDone(): void {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }
}
