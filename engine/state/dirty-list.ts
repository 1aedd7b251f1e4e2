import { JoinedIterator } from './joined-iterator.ts';
import type { StateEntry } from './state-table.ts';

/** What a table remembers between two snapshots. */
export interface ChangeList<E> {
  /** How many are remembered, some of which may be gone. */
  readonly length: number;
  add(entry: E): void;
  /** Makes room by forgetting some that are gone; costs little, however many there are. */
  compact(): void;
  /** Gives what is remembered, and forgets it. */
  take(): Iterator<E>;
  clear(): void;
}

/** So few that looking at two lists of them takes less than half a millisecond. */
const LIST_MAX = 8192;
const LISTS_PER_STEP = 2;

/** Entries that have changed, in lists of bounded length: a single one would stop the stream whenever it grows. */
export class DirtyList<E extends StateEntry> implements ChangeList<E> {
  readonly #isGone: (entry: E) => boolean;
  #lists: E[][] = [];
  #last: E[] = [];
  /** Of the list that is looked at next. */
  #cursor = 0;
  #length = 0;

  constructor(isGone: (entry: E) => boolean) {
    this.#isGone = isGone;
  }

  get length(): number {
    return this.#length;
  }

  add(entry: E): void {
    this.#last.push(entry);
    this.#length++;
    if (this.#last.length >= LIST_MAX) {
      this.#lists.push(this.#last);
      this.#last = [];
      // Two for every one that is filled: so what is gone never takes much more room than what is not.
      this.compact();
    }
  }

  compact(): void {
    this.#last = this.#withoutGone(this.#last);
    for (let count = 0; count < LISTS_PER_STEP && this.#lists.length > 0; count++) {
      const index = this.#cursor % this.#lists.length;
      const left = this.#withoutGone(this.#lists[index] ?? []);
      if (left.length > 0) {
        this.#lists[index] = left;
        this.#cursor = index + 1;
      } else {
        // The order of lists means nothing.
        this.#lists[index] = this.#lists.at(-1) ?? [];
        this.#lists.pop();
      }
    }
  }

  take(): Iterator<E> {
    const lists = [...this.#lists, this.#last];
    this.clear();
    return new JoinedIterator(() => lists.shift()?.values());
  }

  clear(): void {
    this.#lists = [];
    this.#last = [];
    this.#length = 0;
  }

  #withoutGone(list: E[]): E[] {
    const left = list.filter((entry) => !this.#isGone(entry));
    this.#length -= list.length - left.length;
    return left;
  }
}
