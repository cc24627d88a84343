import { Clock } from '#kernel';

/** A clock tests can move; it starts at the real time and then runs on. */
export class MovableClock extends Clock {
  private shift = 0;

  override now(): Date {
    return new Date(Date.now() + this.shift);
  }

  advance(milliseconds: number): void {
    this.shift += milliseconds;
  }
}
