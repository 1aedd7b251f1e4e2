/** Something that has to be looked at when its time comes. */
export interface Due {
  /** Undefined while nothing is due; set by {@link DueEntries} only. */
  scheduled: number | undefined;
}

/** Entries whose times share a slot share a set, so that scheduling never sorts. */
const SLOT_MS = 1000;

/**
 * Entries by the time at which they are due.
 *
 * Contract: an entry is there once, with the time given last. It is an index over entries that are kept elsewhere,
 * and no state. Entries that are due together come in any order, since those of one key are one entry.
 */
export class DueEntries<E extends Due> {
  readonly #slots = new Map<number, Set<E>>();
  /** Numbers of the slots, rising. */
  readonly #order: number[] = [];

  /** Sets when an entry is due; with undefined it is not any more. */
  schedule(entry: E, time: number | undefined): void {
    const { scheduled } = entry;
    if (time === scheduled) {
      return;
    }
    entry.scheduled = time;
    const before = scheduled === undefined ? undefined : slotOf(scheduled);
    const now = time === undefined ? undefined : slotOf(time);
    if (before !== now) {
      // A slot that becomes empty stays until its time has passed.
      if (before !== undefined) {
        this.#slots.get(before)?.delete(entry);
      }
      if (now !== undefined) {
        this.#slot(now).add(entry);
      }
    }
  }

  /** Gives every entry that is due by `now`, which thereby is no more; it may be scheduled anew meanwhile. */
  advance(now: number, look: (entry: E) => void): void {
    const last = slotOf(now);
    for (let number = this.#order[0]; number !== undefined && number <= last; number = this.#order[0]) {
      const slot = this.#slots.get(number) ?? new Set();
      for (const entry of slot) {
        if (entry.scheduled !== undefined && entry.scheduled <= now) {
          slot.delete(entry);
          entry.scheduled = undefined;
          look(entry);
        }
      }
      if (number === last) {
        // Of this one the rest is due later.
        return;
      }
      this.#slots.delete(number);
      this.#order.shift();
    }
  }

  #slot(number: number): Set<E> {
    const known = this.#slots.get(number);
    if (known !== undefined) {
      return known;
    }
    const slot = new Set<E>();
    this.#slots.set(number, slot);
    const before = this.#order.findLastIndex((other) => other < number);
    this.#order.splice(before + 1, 0, number);
    return slot;
  }
}

function slotOf(time: number): number {
  return Math.floor(time / SLOT_MS);
}
