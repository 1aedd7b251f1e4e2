/** What one process of the checkpoint benchmark runs. */
export interface CheckpointRunOptions {
  readonly keys: number;
  readonly keyKind: 'number' | 'string';
  /** Keys that change between two checkpoints. */
  readonly hotKeys: number;
}

/** Two figures of many pauses, ms. */
export interface Pauses {
  readonly p99: number;
  readonly max: number;
}

/** What it measured. */
export interface CheckpointFigures {
  /** On the heap, with its value and index. */
  readonly bytesPerKey: number;
  /** Gaps between batches while a snapshot of everything is taken, one of what changed, and none. */
  readonly wholePauseMs: Pauses;
  readonly smallPauseMs: Pauses;
  readonly quietPauseMs: Pauses;
  readonly wholeMs: number;
  readonly wholeBytes: number;
  /** Of the throughput, by a checkpoint every second. */
  readonly lostShare: number;
  /** Of 99 in a hundred checkpoints of what changed. */
  readonly smallMs: number;
  readonly smallBytes: number;
  readonly savepointMs: number;
  /** More than a start without state. */
  readonly restoreMs: number;
}
