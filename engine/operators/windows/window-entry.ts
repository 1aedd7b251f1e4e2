import type { Key } from '../../data/key-groups.ts';
import { MAX_WATERMARK } from '../../data/record-batch.ts';
import type { StateEntry } from '../../state/state-table.ts';

/** Times at which the trigger or the cleanup of a window is due, in one domain of time. */
export interface WindowTimers {
  readonly window: WindowEntry;
  /** A time is there once. */
  readonly times: number[];
  /** Where the queue will look at them next, not above the earliest of `times`; Infinity when it will not. */
  queuedAt: number;
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
  /** Exclusive; of a global window Infinity. */
  end: number;
  /** Undefined while the window holds nothing, which is also so after a purge. */
  contents: unknown = undefined;
  /** State of the trigger and of the function's window cells, by slot; undefined is no state. */
  readonly slots: unknown[] = [];
  readonly eventTimers: WindowTimers = { window: this, times: [], queuedAt: Number.POSITIVE_INFINITY };
  readonly processingTimers: WindowTimers = { window: this, times: [], queuedAt: Number.POSITIVE_INFINITY };
  /** True as soon as it is in no table any more. */
  gone = false;

  constructor(version: number, key: Key, { start, end }: WindowSpan) {
    this.version = version;
    this.key = key;
    this.start = start;
    this.end = end;
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
