import type { Split, ConnectorEvent } from '../connectors/connector.ts';
import type { JobVertex } from '../graph/job-graph.ts';
import type { ChainContext, EdgeWriter } from '../operators/chain.ts';
import type { Scheduler } from '../host.ts';
import type { StateBackend } from '../state/entry-index.ts';
import type { OwnedTable } from '../state/operator-state.ts';
import type { RestoredState } from '../state/snapshot.ts';
import type { InputChannel, OutputChannel } from './channel.ts';
import type { LetterCounts, SubtaskLetters } from './poison/gate.ts';
import type { SubtaskMetrics, ThreadFigures, UndecodableSample } from './job-status.ts';
import type { PartAllowance } from './part-allowance.ts';
import type { SlotStorage } from './slot-storage.ts';
import type { Acknowledgement, BarrierTrigger, HandedParts } from './slot-protocol.ts';

/** What a subtask may use of its thread and of its job. */
export interface SlotHost extends Scheduler {
  random(): number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly epoch: number;
  readonly owner: string;
  /** What the thread of the slot measures of itself; absent where slots share one. */
  readonly figures?: () => ThreadFigures;
  /** Absent: state is on the heap. */
  readonly storage?: SlotStorage | undefined;
}

/** Who hears of what a subtask does. */
export interface SubtaskListener {
  /** There may be work again. */
  wake(): void;
  /** Parts are not looked at any more: their memory goes to the coordinator. */
  handed(parts: HandedParts): void;
  acknowledged(acknowledgement: Acknowledgement): void;
  splitFinished(split: string): void;
  /** How far an aligned source is. */
  reached(watermark: number): void;
  lettersCounted(checkpointId: number, counts: LetterCounts): void;
  finished(): void;
  /** As the reports of these names. */
  commitAwaited(): void;
  committed(checkpointId: number): void;
  undecodable(samples: readonly UndecodableSample[]): void;
  connector(operator: string, event: ConnectorEvent): void;
}

/** A channel that a subtask reads, and the input of its chain that its records are for. */
export interface SubtaskInput {
  readonly channel: InputChannel;
  readonly input: number;
}

/** All that one subtask is made of. */
export interface SubtaskContext {
  readonly vertexIndex: number;
  readonly vertex: JobVertex;
  readonly subtask: number;
  readonly host: SlotHost;
  readonly inputs: readonly SubtaskInput[];
  /** One writer per output edge, and every channel behind them once. */
  readonly writers: readonly EdgeWriter[];
  readonly outputs: readonly OutputChannel[];
  readonly restored: RestoredState;
  /** As of a chain. */
  readonly placed?: ChainContext['placed'];
  /** Shared by all subtasks of the slot. */
  readonly allowance: PartAllowance;
  readonly backend?: StateBackend | undefined;
  readonly letters?: SubtaskLetters | undefined;
  readonly listener: SubtaskListener;
}

/** One parallel copy of a vertex: the slot calls it over and over, it works a little and never waits. */
export interface Subtask {
  readonly vertexIndex: number;
  /** What its operators remember. */
  readonly tables: readonly OwnedTable[];
  /** Does one piece of work, such as one batch; false when there was nothing to do. */
  step(): boolean;
  /** Called every few milliseconds, busy or not: for clocks and partial frames. */
  tick(now: number): void;
  /** Only sources read splits. */
  assign(splits: readonly Split[], laterSplitsFrom?: number): void;
  noMoreSplits(): void;
  /** How far an aligned source may read. */
  limited(limit: number): void;
  triggered(trigger: BarrierTrigger): void;
  completed(checkpointId: number): void;
  aborted(checkpointId: number, resume: boolean): void;
  metrics(): SubtaskMetrics;
  close(): Promise<void>;
}
