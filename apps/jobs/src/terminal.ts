import { Injectable } from '@nestjs/common';

/** Where a command speaks. Tests put another in its place. */
@Injectable()
export class Terminal {
  /** What was asked for: standard output. */
  line(text: string): void {
    process.stdout.write(`${visible(text)}\n`);
  }

  /** What the operator should look at: standard error. */
  warn(text: string): void {
    process.stderr.write(`${visible(text)}\n`);
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

/** What could steer a terminal, or cannot be seen, spelled out: words may come from a file or from its name. */
const visible = (text: string): string =>
  text.replace(/(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`);
