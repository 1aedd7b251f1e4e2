/** Speed: sessions over 100,000 keys; a session that grows costs nothing here, since it is found again where it was due. */
import type { WindowEntry, WindowTimers } from './window-entry.ts';

/** Timers of one second wait unsorted; they are sorted when their second has come. */
const SLOT_MS = 1000;

/**
 * The timers of all windows in one domain of time.
 *
 * Contract: fires in the order of time, also timers that are set meanwhile. A window is queued at or before its
 * earliest timer; timers that moved on or are gone are noticed when their turn comes.
 */
export class DueWindows {
  readonly #slots = new Map<number, WindowTimers[]>();
  /** Numbers of the slots, the earliest last. */
  readonly #order: number[] = [];
  /** The slot whose time has come, in the order of time from `#head` on. */
  #times: number[] = [];
  #timers: WindowTimers[] = [];
  #head = 0;
  #active = Number.NEGATIVE_INFINITY;
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
    for (;;) {
      const time = this.#times[this.#head];
      const timers = this.#timers[this.#head];
      if (time === undefined || timers === undefined) {
        if (!this.#activateNext(now)) {
          return;
        }
      } else if (time > now) {
        return;
      } else {
        this.#head++;
        // Another place means that an earlier timer was set meanwhile.
        if (timers.queuedAt === time) {
          this.#fire(timers, time, fire);
        }
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
    const number = Math.floor(time / SLOT_MS);
    if (number <= this.#active) {
      return this.#insert(timers, time);
    }
    const slot = this.#slots.get(number);
    if (slot === undefined) {
      this.#slots.set(number, [timers]);
      this.#order.splice(this.#position(number), 0, number);
    } else {
      slot.push(timers);
    }
  }

  /** Into the slot at work, behind timers of the same time. */
  #insert(timers: WindowTimers, time: number): void {
    let [low, high] = [this.#head, this.#times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#times.splice(low, 0, time);
    this.#timers.splice(low, 0, timers);
  }

  /** Goes to the next slot that has come; false when none has. */
  #activateNext(now: number): boolean {
    const number = this.#order.at(-1);
    if (number === undefined || number * SLOT_MS > now) {
      return false;
    }
    const slot = this.#slots.get(number) ?? [];
    this.#slots.delete(number);
    this.#order.pop();
    this.#timers = slot
      .filter((each) => Math.floor(each.queuedAt / SLOT_MS) === number)
      .sort((left, right) => left.queuedAt - right.queuedAt);
    this.#times = this.#timers.map((each) => each.queuedAt);
    this.#head = 0;
    this.#active = number;
    return true;
  }

  /** Where a slot's number stands, or would stand, in the falling order. */
  #position(number: number): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle] ?? 0) > number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
