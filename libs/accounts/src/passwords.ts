import { hash, parseOptions, verify } from '@node-rs/argon2';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { newToken, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { HashingQueue } from './hashing-queue.js';
import { hashedForm } from './passphrase-rules.js';

/** argon2id as NIST and OWASP ask: 19 MiB, two passes, one lane; salt of 16 bytes (PW-4). */
const hashingCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Turns passphrases into hashes and compares them. The only place that does; every hash waits in one bounded queue. */
@Injectable()
export class Passwords implements OnModuleInit {
  /** How many hashes were computed since the start: the measure of work in tests, and for an operator's gauge. */
  done = 0;
  /** Raised by an installation that has grown; old hashes follow at their next sign-in. */
  protected cost = hashingCost;
  private readonly queue = new HashingQueue(4, 50);
  private readonly pepper: Buffer;
  /** Nobody's hash, of the current cost. */
  private dummy!: string;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.pepper = Buffer.from(settings.PASSWORD_SECRET);
  }

  async onModuleInit(): Promise<void> {
    this.dummy = await hash(newToken(), { ...this.cost, secret: this.pepper });
  }

  /** @throws Problem 503 when the queue is full */
  hash(passphrase: string): Promise<string> {
    return this.work(() => hash(hashedForm(passphrase), { ...this.cost, secret: this.pepper }));
  }

  /**
   * Whether a passphrase fits a stored hash. Without one, the work is done all the same, against nobody's hash (EN-2).
   * @throws Problem 503 when the queue is full
   */
  async fits(stored: string | null | undefined, passphrase: string): Promise<boolean> {
    const same = await this.work(() => verify(stored ?? this.dummy, hashedForm(passphrase), { secret: this.pepper }));
    return same && Boolean(stored);
  }

  /** Whether a stored hash is cheaper than what we ask today. */
  isCheap(stored: string): boolean {
    const was = parseOptions(stored);
    return (
      was.memoryCost < this.cost.memoryCost ||
      was.timeCost < this.cost.timeCost ||
      was.parallelism < this.cost.parallelism
    );
  }

  private work<T>(one: () => Promise<T>): Promise<T> {
    return this.queue.run(() => {
      this.done++;
      return one();
    });
  }
}
