import { type Duration, ms } from '../data/duration.ts';
import type { Clock } from '../host.ts';

/** A clock that stands still until a test advances it. */
export class ManualClock implements Clock {
  #now: number;

  /** Begins at `start`, ms since 1970. */
  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Moves forward by a duration or a number of ms. */
  advance(by: Duration | number): void {
    this.#now += typeof by === 'number' ? by : ms(by);
  }
}
