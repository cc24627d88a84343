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
}
