import type { SinkWriter, UndecodableRecord } from '../connectors/connector.ts';
import type { Key } from '../data/key-groups.ts';
import type { RecordBatch } from '../data/record-batch.ts';
import type { Schema } from '../data/schema.ts';
import type { Clock } from '../host.ts';
import type { StateBackend } from '../state/entry-index.ts';
import type { RestoredState, SnapshotCursor, SnapshotExtent } from '../state/snapshot.ts';
import type { StateDeclaration } from '../state/declaration.ts';
import type { OwnedTable } from '../state/operator-state.ts';
import type { ChainMetrics } from './chain-metrics.ts';
import type { OperatorDefinition } from './operator-definition.ts';
import type { PlacedOperator } from './placed-operator.ts';

/** An operator as its chain sees it; nodes of a dataflow graph are such. */
export interface ChainNode {
  readonly name: string;
  readonly id: string;
  readonly inputs: readonly { readonly from: string; readonly output: string }[];
  readonly state: readonly StateDeclaration[];
  readonly schema?: Schema;
  readonly definition: OperatorDefinition;
}

/** Operators that run fused in one subtask; the first node is the head and the only one with inputs from outside. */
export interface ChainVertex {
  readonly name: string;
  readonly nodes: readonly ChainNode[];
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly inputs: readonly { readonly key?: ((value: never) => Key) | undefined }[];
  readonly outputs: readonly { readonly node: string; readonly output: string }[];
}

/** Where one output edge takes records; it partitions and buffers. */
export interface EdgeWriter {
  write(value: unknown, time: number): void;
}

/** Where event time goes that has passed a chain. */
export interface TimeOutput {
  /** Every record up to here has been handed on. */
  watermark(watermark: number): void;
  /** Watermarks need not wait for this subtask, or have to again. */
  idle(idle: boolean): void;
}

/** What a chain needs of its subtask. */
export interface ChainContext {
  readonly subtask: number;
  readonly clock: Clock;
  random(): number;
  readonly time: TimeOutput;
  /** To be called when an operator has become able to `work` between two calls of the chain. */
  wake(): void;
  /** One per entry of the vertex's `outputs`, in their order. */
  readonly outputs: readonly EdgeWriter[];
  sinkWriter(node: ChainNode): SinkWriter<unknown>;
  readonly restored?: RestoredState;
  /** An operator that was made before, for restored state of which it has read a part; each is given once. */
  placed?(node: ChainNode): PlacedOperator | undefined;
  /** Keeps the entries of keyed state; absent, they are on the heap. */
  readonly backend?: StateBackend;
}

/**
 * The fused operators of one subtask.
 *
 * Contract: every call runs to its end without waiting; calls never overlap. A user's function that throws makes the
 * call throw an `OperatorError`, after which the chain is only good for `close`.
 */
export interface Chain {
  /** Takes up to 256 records of one input (an index into the vertex's `inputs`; 0 for sources). */
  processBatch(input: number, batch: RecordBatch): void;
  /** Sends records that a source could not decode to the side output `undecodable`, if anyone listens. */
  processUndecodable(records: readonly UndecodableRecord[]): void;
  /** Advances event time: fires timers and windows. Watermarks that do not advance are ignored. */
  processWatermark(watermark: number): void;
  /** The input has become idle or active. */
  processIdle(idle: boolean): void;
  /** Fires processing-time timers and early panes up to `now`. Called about every 100 ms, also while idle. */
  processTime(now: number): void;
  /** True while the chain should be given nothing more, since an operator waits for the outside world. */
  readonly blocked: boolean;
  /** Goes on with what waited for the outside world; true when something was done. */
  work(): boolean;
  /** No more records and no more time: called once, after the watermark `MAX_WATERMARK`. */
  endInput(): void;
  /** True when nothing is owed any more; after `endInput` the chain works until it is. */
  readonly drained: boolean;
  /**
   * Fixes the state as it is now, in time that does not depend on its size; records may follow at once.
   */
  beginSnapshot(checkpointId: number, extent?: SnapshotExtent): SnapshotCursor;
  notifyCheckpointComplete(checkpointId: number): void;
  readonly metrics: ChainMetrics;
  /** All that its operators remember; for snapshots, and for whoever only looks. */
  readonly tables: readonly OwnedTable[];
  close(): void;
}
