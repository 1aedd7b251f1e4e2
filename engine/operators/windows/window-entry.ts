import type { Key } from '../../data/key-groups.ts';
import { MAX_WATERMARK } from '../../data/record-batch.ts';
import type { StateEntry } from '../../state/state-table.ts';

/**
 * Times at which the trigger or the cleanup of a window is due, in one domain of time; each is there once.
 *
 * Nearly all windows are due at their end, which is not a time of its own: it moves with the window. The next one is a
 * field, since an array would be one more object for every window.
 */
export class WindowTimers {
  readonly window: WindowEntry;
  /** Where the queue will look at them next, not above the earliest; Infinity when it will not. */
  queuedAt = Number.POSITIVE_INFINITY;
  #atEnd = false;
  #first = Number.POSITIVE_INFINITY;
  #others: number[] | undefined = undefined;

  constructor(window: WindowEntry) {
    this.window = window;
  }

  /** False where it was there already. */
  add(time: number): boolean {
    if (time === this.window.maxTime) {
      const isNew = !this.#atEnd;
      this.#atEnd = true;
      return isNew;
    }
    if (time === this.#first || this.#others?.includes(time) === true) {
      return false;
    }
    if (this.#first === Number.POSITIVE_INFINITY) {
      this.#first = time;
    } else {
      (this.#others ??= []).push(time);
    }
    return true;
  }

  delete(time: number): void {
    if (time === this.window.maxTime) {
      this.#atEnd = false;
    } else if (time === this.#first) {
      this.#first = Number.POSITIVE_INFINITY;
    } else {
      const index = this.#others?.indexOf(time) ?? -1;
      if (index >= 0) {
        this.#others?.splice(index, 1);
      }
    }
  }

  clear(): void {
    this.#atEnd = false;
    this.#first = Number.POSITIVE_INFINITY;
    this.#others = undefined;
  }

  /** Infinity where there is none. */
  get earliest(): number {
    const earliest = this.#atEnd ? Math.min(this.window.maxTime, this.#first) : this.#first;
    // Asked at every turn in the queue, so that it makes no array where there is none.
    return this.#others === undefined ? earliest : Math.min(earliest, ...this.#others);
  }

  get times(): readonly number[] {
    const end = this.#atEnd ? this.window.maxTime : Number.POSITIVE_INFINITY;
    return [end, this.#first, ...(this.#others ?? [])].filter((time) => Number.isFinite(time));
  }
}

/** From `start` to before `end`, ms. */
export interface WindowSpan {
  readonly start: number;
  readonly end: number;
}

/** What is known of one key in one window: a single entry, so that all of it changes and goes together. */
export class WindowEntry implements StateEntry {
  version: number;
  readonly key: Key;
  start: number;
  /** Exclusive; of a global window Infinity. Timers of the end move with it; others are to be cleared first. */
  end: number;
  /** Undefined while the window holds nothing, which is also so after a purge. */
  contents: unknown = undefined;
  /** State of the trigger and of the function's window cells, by slot; undefined is no state. */
  readonly slots: unknown[];
  /** True where its trigger waits for its end, so that further records before that tell it nothing. */
  waits = false;
  /** Neighbors among the windows of the key, where windows grow. */
  earlier: WindowEntry | undefined = undefined;
  later: WindowEntry | undefined = undefined;
  #eventTimers: WindowTimers | undefined = undefined;
  #processingTimers: WindowTimers | undefined = undefined;

  constructor(version: number, key: Key, { start, end }: WindowSpan, slots: unknown[] = []) {
    this.version = version;
    this.key = key;
    this.start = start;
    this.end = end;
    this.slots = slots;
  }

  get eventTimers(): WindowTimers {
    return (this.#eventTimers ??= new WindowTimers(this));
  }

  get processingTimers(): WindowTimers {
    return (this.#processingTimers ??= new WindowTimers(this));
  }

  /** Takes back all timers. */
  clearTimers(): void {
    this.#eventTimers?.clear();
    this.#processingTimers?.clear();
  }

  /** The last moment that is in the window, which is the time of its results. */
  get maxTime(): number {
    return this.end === Number.POSITIVE_INFINITY ? MAX_WATERMARK : this.end - 1;
  }
}

/** The window as functions and triggers of users see it: `end` is exclusive. */
export type WindowBounds = WindowSpan | 'global';

export function boundsOf({ start, end }: WindowEntry): WindowBounds {
  return end === Number.POSITIVE_INFINITY ? 'global' : { start, end };
}
