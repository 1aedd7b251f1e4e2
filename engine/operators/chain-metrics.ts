/** Counters of one operator of a subtask, since its start. Read them at any time; the chain changes them in place. */
export interface OperatorMetrics {
  readonly operatorId: string;
  readonly operatorName: string;
  recordsIn: number;
  recordsOut: number;
  lateRecords: number;
  /** Entries of keyed state, windows per key and timers now held. */
  stateEntries: number;
  /** What a snapshot of all of them would take, about, before it is compressed. Known since the first snapshot or restore. */
  stateBytes: number;
  currentWatermark: number;
}

/** Counters of a chain, one object per operator in the order of the vertex's nodes. */
export interface ChainMetrics {
  readonly operators: readonly OperatorMetrics[];
}
