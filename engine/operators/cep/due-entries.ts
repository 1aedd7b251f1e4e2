import { TimeWheel, type WheelItem } from '../../state/time-wheel.ts';

/**
 * Entries by the time at which they are due.
 *
 * Contract: an entry is there once, with the time given last. It is an index over entries that are kept elsewhere,
 * and no state.
 */
export class DueEntries<E extends WheelItem<E>> {
  readonly #wheel = new TimeWheel<E>();

  /** Sets when an entry is due; with undefined it is not any more. */
  schedule(entry: E, time: number | undefined): void {
    if (entry.list !== undefined) {
      if (entry.time === time) {
        return;
      }
      this.#wheel.remove(entry);
    }
    if (time !== undefined) {
      entry.time = time;
      this.#wheel.add(entry);
    }
  }

  /** Gives every entry that is due by `now`, which thereby is no more; it may be scheduled anew meanwhile. */
  advance(now: number, look: (entry: E) => void): void {
    for (let entry = this.#wheel.poll(now); entry !== undefined; entry = this.#wheel.poll(now)) {
      look(entry);
    }
  }
}
