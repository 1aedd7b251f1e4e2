import type { KeyGroupRange } from '../data/key-groups.ts';
import type { Distribution } from './redistribution.ts';

/**
 * A piece of one operator's state as it was when the snapshot began.
 *
 * Units and shape: `bytes` is a self-contained chunk, at the front of its buffer, and holds entries (key group, key,
 * id) → value and what was removed; `state` is the name of the state cell, `timers`, or `windows`.
 */
export interface SnapshotPart {
  readonly operatorId: string;
  readonly operatorName: string;
  readonly state: string;
  /** The key groups of the subtask that wrote it, both ends inclusive. */
  readonly keyGroups: KeyGroupRange;
  readonly distribution: Distribution;
  readonly entries: number;
  readonly bytes: Uint8Array;
}

/** The state that a restored subtask starts from. */
export interface RestoredState {
  /**
   * Parts of one operator, from every subtask that wrote some and in any order.
   *
   * Contract: of keyed state, parts without a key group of the reading subtask may be left out; foreign entries inside
   * a part are skipped by the reader. Operator state comes whole, since every subtask needs to know how much there is.
   */
  parts(operatorId: string): Iterable<SnapshotPart>;
  /**
   * True where the parts of this table are the whole chain of the same subtask of the same deployment, with the same
   * key groups, so that the next snapshot may go on behind them. Absent: never.
   */
  continues?(table: TableName): boolean;
}

/** One table of one operator. */
export interface TableName {
  readonly operatorId: string;
  readonly state: string;
}

/** A table whose snapshot goes behind its last one. */
export interface ContinuedTable extends TableName {
  /** Places, in the chain that it goes behind, of parts that are no longer part of it. */
  readonly dropped?: readonly number[];
}

/**
 * How much a snapshot writes: what is due by the tables' own policy; all of it, since the last one was not handed over
 * and nothing may go behind it; or as little as can be, since somebody waits for what it has more than the one before.
 */
export type SnapshotExtent = 'due' | 'whole' | 'brief';

/** A snapshot on its way: work is done in small steps between batches, so the stream never waits for it. */
export interface SnapshotCursor {
  /** Works until `deadline` (ms of the chain's clock) at most, but always a little; true when all is written. */
  step(deadline: number): boolean;
  /** Parts finished since the last call. */
  take(): SnapshotPart[];
  /** Tables whose parts go behind those of their last snapshot; of every other table the parts are all there is. */
  readonly continued: readonly ContinuedTable[];
  /** Gives it up: nobody will take what is left of it, so that the next snapshot is whole. */
  abandon(): void;
}
