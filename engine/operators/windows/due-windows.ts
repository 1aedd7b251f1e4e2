/** Speed: sessions over 100,000 keys; a session that grows costs nothing here, since it is found again where it was due. */
import { TimeHeap } from './time-heap.ts';
import type { WindowEntry, WindowTimers } from './window-entry.ts';

/** What is due at one moment; those before `next` have had their turn. */
interface Moment {
  readonly timers: WindowTimers[];
  next: number;
}

/**
 * The timers of all windows in one domain of time: one list for every moment, since windows of many keys end together.
 *
 * Contract: fires in the order of time, also timers that are set meanwhile. A window is queued at or before its
 * earliest timer; timers that moved on or are gone are noticed when their turn comes.
 */
export class DueWindows {
  readonly #moments = new Map<number, Moment>();
  readonly #order = new TimeHeap();
  readonly #touch: (window: WindowEntry) => void;

  /** `touch` is called before a window's timer is taken from it to be fired. */
  constructor(touch: (window: WindowEntry) => void) {
    this.#touch = touch;
  }

  /** Sets a timer; one that waits already is left as it is. */
  add(timers: WindowTimers, time: number): void {
    if (timers.add(time) && time < timers.queuedAt) {
      this.#enqueue(timers, time);
    }
  }

  /** Queues what a restored window waits for. */
  restore(timers: WindowTimers): void {
    this.#queueAgain(timers);
  }

  /** Fires all timers up to `now`. */
  advance(now: number, fire: (window: WindowEntry, time: number) => void): void {
    for (let time = this.#order.first; time !== undefined && time <= now; time = this.#order.first) {
      const moment = this.#moments.get(time);
      if (moment === undefined || moment.next === moment.timers.length) {
        this.#moments.delete(time);
        this.#order.removeFirst();
      } else {
        this.#fireMoment(moment, time, fire);
      }
    }
  }

  #fireMoment(moment: Moment, time: number, fire: (window: WindowEntry, time: number) => void): void {
    // A firing may set earlier timers, and more of this moment.
    while (moment.next < moment.timers.length && this.#order.first === time) {
      const timers = moment.timers[moment.next++];
      // Another place means that an earlier timer was set meanwhile.
      if (timers?.queuedAt === time) {
        this.#fire(timers, time, fire);
      }
    }
  }

  #fire(timers: WindowTimers, time: number, fire: (window: WindowEntry, time: number) => void): void {
    timers.queuedAt = Number.POSITIVE_INFINITY;
    if (timers.earliest === time) {
      this.#touch(timers.window);
      timers.delete(time);
      fire(timers.window, time);
    }
    this.#queueAgain(timers);
  }

  #queueAgain(timers: WindowTimers): void {
    const { earliest } = timers;
    if (earliest < timers.queuedAt) {
      this.#enqueue(timers, earliest);
    }
  }

  #enqueue(timers: WindowTimers, time: number): void {
    timers.queuedAt = time;
    const moment = this.#moments.get(time);
    if (moment === undefined) {
      this.#moments.set(time, { timers: [timers], next: 0 });
      this.#order.add(time);
    } else {
      moment.timers.push(timers);
    }
  }
}
