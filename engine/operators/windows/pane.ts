import type { StateEntry } from '../../state/state-table.ts';

/** What a window holds of one key. The accumulators of aggregate `i` are the fields `a<i>` and, for averages, `n<i>`. */
export interface Pane extends StateEntry {
  /** Exclusive, in ms of event time. It moves on where windows merge. */
  end: number;
  /** 1 while the window has still to fire for this key. */
  pending: 0 | 1;
  /** 1 when it changed since it was last emitted early. Not part of snapshots. */
  changed: 0 | 1;
  [accumulator: `a${number}`]: unknown;
  [counter: `n${number}`]: number;
}
