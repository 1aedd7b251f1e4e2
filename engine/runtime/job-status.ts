import type { StateAnswer, StateQuery, StateSummary } from './queries/state-query.ts';

/** The states of a job, in Flink's words, since its REST API speaks them. */
export type JobState =
  | 'INITIALIZING'
  | 'CREATED'
  | 'RUNNING'
  | 'RESTARTING'
  | 'FAILING'
  | 'FAILED'
  | 'CANCELLING'
  | 'CANCELED'
  | 'FINISHED';

/** The states of one subtask that can be seen from outside. */
export type SubtaskState =
  | 'CREATED'
  | 'DEPLOYING'
  | 'INITIALIZING'
  | 'RUNNING'
  | 'FINISHED'
  | 'CANCELED'
  | 'FAILED';

/** All that is known of a job at one moment; plain data, made anew by every call. */
export interface JobStatusView {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly startedAtMs: number;
  /** Undefined while the job lives. */
  readonly endedAtMs?: number;
  /** When each state was entered last. */
  readonly timestamps: Readonly<Partial<Record<JobState, number>>>;
  readonly epoch: number;
  readonly graphHash: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly restarts: number;
  readonly vertices: readonly VertexView[];
  readonly checkpoints: CheckpointsView;
  /** Newest first; the first fault of the job stays, whatever comes after it. */
  readonly faults: readonly Fault[];
  readonly firstFault?: Fault;
  /** The same faults counted by what they have in common, the latest first. */
  readonly faultGroups: readonly FaultGroup[];
  /** Records that the job goes on without, until somebody replays them. */
  readonly deadLetters: readonly DeadLetterView[];
  /** The last samples of records that no decoder could read. */
  readonly undecodable: readonly UndecodableSample[];
  /** By number of the slot; empty where slots share the thread of the coordinator. */
  readonly threads?: readonly ThreadFigures[];
}

/** One chain of operators and its subtasks. */
export interface VertexView {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** The chained operators, head first. */
  readonly operators: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    readonly state: readonly { readonly name: string; readonly kind: string }[];
  }[];
  readonly inputs: readonly { readonly vertexId: string; readonly exchange: string }[];
  readonly subtasks: readonly SubtaskView[];
}

/** One subtask: its counters since the attempt began and its rates over the last ten seconds. */
export interface SubtaskView extends SubtaskMetrics {
  readonly state: SubtaskState;
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly recordsInPerSecond: number;
  readonly recordsOutPerSecond: number;
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  /** The three shares of a second, in milliseconds; they add up to about 1000. */
  readonly busyMsPerSecond: number;
  readonly backpressuredMsPerSecond: number;
  readonly idleMsPerSecond: number;
}

/** How far a source is in one of its splits; times are ms since 1970. */
export interface SplitView {
  readonly id: string;
  /** As far as its records allow; undefined before the first one. */
  readonly watermark?: number;
  /** How far the reader is behind the end of the split, where the service says so. */
  readonly lagMs?: number;
}

/** What a thread measures of itself: counters since it began, delays since it said so last. */
export interface ThreadFigures {
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly heapMaxBytes: number;
  /** Buffers outside of the heap. */
  readonly externalBytes: number;
  /** Garbage collections and the time that they took. */
  readonly collections: number;
  readonly collectionMs: number;
  /** How late the event loop came, on average and at worst. */
  readonly loopDelayMs: number;
  readonly loopDelayMsMax: number;
  /** Share of the time in which the event loop was at work, 0 to 1. */
  readonly loopUtilization: number;
}

/** What a subtask itself measures. */
export interface SubtaskMetrics {
  readonly subtask: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly busyMs: number;
  readonly backpressuredMs: number;
  readonly idleMs: number;
  readonly lateRecords: number;
  readonly undecodableRecords: number;
  /** Undefined before the first one. */
  readonly inputWatermark?: number;
  readonly outputWatermark?: number;
  /** Of sources: how far behind its split a reader is, the worst of its splits. */
  readonly lagMs?: number;
  /** Of sources: the splits that they read now, at most a hundred. */
  readonly splits?: readonly SplitView[];
  readonly operators: readonly OperatorCounters[];
}

/** Counters of one operator inside a chain. */
export interface OperatorCounters {
  readonly id: string;
  readonly name: string;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly lateRecords: number;
  readonly stateEntries: number;
  /** What a snapshot of them would take, about, before it is compressed. */
  readonly stateBytes: number;
}

/** The first thing to look at when a job failed. */
export interface Fault {
  readonly atMs: number;
  /** Class of the error. */
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Name of the vertex and of the operator in it, where the fault lies in one. */
  readonly vertex?: string;
  readonly operator?: string;
  readonly subtask?: number;
  /** The record in hand as text, cut to 500 characters, without the fields that the program hides. */
  readonly record?: string;
  readonly key?: string;
  /** The innermost calls of the program's own code, as `function (file:line:column)`, the one that threw first. */
  readonly frames?: readonly string[];
  /** Where the record was read, if the fault is in the chain of its source. */
  readonly source?: FaultSource;
  /** The checkpoint that the attempt began from; absent for one that began with empty state. */
  readonly restoredFrom?: number;
}

/** A record over which the job failed again and again, and without which it goes on. */
export interface DeadLetterView {
  readonly id: string;
  /** `replay`: it is put in again wherever the state went without it. */
  readonly status: 'set-aside' | 'replay';
  readonly setAsideAtMs: number;
  readonly jobId: string;
  readonly eventTimeMs?: number;
  /** With the operator, the record and its key as text, and where it was read. */
  readonly fault: Fault;
}

/** The place of a record in its split. */
export interface FaultSource {
  readonly split: string;
  /** Right behind the batch that the record came with, and its number in that batch, from 1. */
  readonly position: string;
  readonly record: number;
  readonly records: number;
}

/** Faults that are the same but for their record and the numbers in their message. */
export interface FaultGroup {
  readonly fingerprint: string;
  readonly name: string;
  /** Of the first one. */
  readonly message: string;
  readonly operator?: string;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** Input that no decoder could read, with where it stood. */
export interface UndecodableSample {
  readonly atMs: number;
  readonly operator: string;
  readonly subtask: number;
  readonly split: string;
  readonly position: string;
  readonly reason: string;
  readonly preview: string;
}

/** One checkpoint or savepoint as it stands. */
export interface CheckpointView {
  readonly id: number;
  readonly status: 'in-progress' | 'completed' | 'failed';
  readonly savepoint: boolean;
  /** A savepoint after which the job ends. */
  readonly stop: boolean;
  readonly triggeredAtMs: number;
  readonly latestAckAtMs?: number;
  readonly endedAtMs?: number;
  readonly durationMs: number;
  /** Bytes written by this one, and bytes that it refers to. */
  readonly writtenBytes: number;
  readonly stateBytes: number;
  readonly subtasks: number;
  readonly acknowledged: number;
  /** Key of the manifest, once it is completed. */
  readonly manifest?: string;
  readonly failure?: string;
  /** By vertex id. */
  readonly vertices: Readonly<Record<string, VertexCheckpointView>>;
}

/** What the subtasks of a vertex have acknowledged of a checkpoint. */
export interface VertexCheckpointView {
  readonly acknowledged: number;
  readonly subtasks: number;
  readonly stateBytes: number;
  readonly writtenBytes: number;
  readonly latestAckAtMs?: number;
  /** By subtask, of those that have. */
  readonly acknowledgements: readonly SubtaskCheckpointView[];
}

/** One subtask's part in a checkpoint. */
export interface SubtaskCheckpointView extends SnapshotPhases {
  readonly subtask: number;
  readonly acknowledgedAtMs: number;
  /** What the checkpoint refers to, and what of it had to be written. */
  readonly stateBytes: number;
  readonly writtenBytes: number;
}

/** How long a subtask's part in a checkpoint took, by what it waited for. */
export interface SnapshotPhases {
  /** From the trigger to its first barrier. */
  readonly startDelayMs: number;
  /** From its first barrier to its last. */
  readonly alignmentMs: number;
  /** While it fixed its state and did nothing else. */
  readonly syncMs: number;
  /** While it wrote its state between batches. */
  readonly asyncMs: number;
  /** Records that its barrier has overtaken and that became part of the checkpoint; absent where there were none. */
  readonly overtakenBytes?: number;
}

/** Checkpoints and savepoints of a job: how often they are taken, how many there were, and the last ones. */
export interface CheckpointsView {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly counts: {
    readonly restored: number;
    readonly total: number;
    readonly inProgress: number;
    readonly completed: number;
    readonly failed: number;
  };
  readonly latest: {
    readonly completed?: CheckpointView;
    readonly savepoint?: CheckpointView;
    readonly failed?: CheckpointView;
    readonly restored?: {
      readonly id: number;
      readonly atMs: number;
      readonly savepoint: boolean;
      readonly manifest: string;
    };
  };
  /** The last ten, newest first. */
  readonly history: readonly CheckpointView[];
}

/** What became of a request for a savepoint or a checkpoint. */
export type TriggerStatus =
  | { readonly status: 'in-progress' }
  | {
      readonly status: 'completed';
      readonly checkpointId: number;
      /** Directory of the savepoint, or key of the manifest. */
      readonly location: string;
    }
  | { readonly status: 'failed'; readonly failure: string };

/** How a job ended. */
export interface JobEnd {
  readonly state: 'FINISHED' | 'FAILED' | 'CANCELED';
  readonly failure?: Fault;
  /** A newer epoch owns the deployment: nothing was committed, nothing may be tried again. */
  readonly fenced: boolean;
}

/** A running job, as its REST API and its worker see it. */
export interface Job {
  readonly id: string;
  status(): JobStatusView;
  /**
   * Begins a savepoint in an empty directory; `stop` ends the job when it is complete, `drain` sends the last
   * watermark before. A trigger id that is known is not triggered again. A request that cannot be served
   * becomes a failed trigger.
   */
  savepoint(options: {
    readonly directory: string;
    readonly stop: boolean;
    readonly drain?: boolean;
    readonly triggerId: string;
  }): void;
  savepointStatus(triggerId: string): TriggerStatus | undefined;
  /** A `brief` one says only what has changed, as do the next ones: see `CheckpointRequest`. */
  triggerCheckpoint(triggerId?: string, brief?: boolean): void;
  checkpointStatus(triggerId: string): TriggerStatus | undefined;
  /** What there is to query; rejects with a `StateQueryError`, as `queryState` does. */
  states(): Promise<readonly StateSummary[]>;
  /** Reads state of the running job. */
  queryState(query: StateQuery): Promise<StateAnswer>;
  /** Why {@link rescale} would be refused now; undefined when it would not. */
  refusesParallelism(parallelism: number): string | undefined;
  /**
   * Gives every vertex that does not fix its own number so many subtasks, without losing or doubling anything.
   * Resolves when the job runs with them; rejects when it is refused, or fails on the way and goes on as before.
   */
  rescale(parallelism: number): Promise<void>;
  /**
   * Puts records in again that were set aside, after what failed over them was mended: each as often as the state went
   * without it. Resolves when the attempt runs that does so; rejects as {@link rescale} does.
   */
  replay(deadLetters: readonly string[]): Promise<void>;
  /** Ends the job without keeping its state; resolves when nothing of it runs. */
  cancel(): Promise<void>;
  /** Resolves once, never rejects. */
  readonly ended: Promise<JobEnd>;
}
