/**
 * What a connector is to the engine: a source makes readers and one enumerator, a sink makes writers.
 *
 * The runtime asks and never waits: reading and writing happen behind these objects, and they call `wake` when
 * there is something to ask for again. An error that a connector cannot heal is thrown from the next call.
 */
import type { RecordBatch } from '../data/record-batch.ts';
import type { Schema } from '../data/schema.ts';
import type { Scheduler } from '../host.ts';

/** What a connector shows of itself in plans, consoles and permissions; it holds no secrets. */
export type ConnectorOptions = Readonly<Record<string, string | number | boolean>>;

/** Where records come from. Making one does nothing; it is opened by the runtime. */
export interface Source<T> {
  /** Kind of the connector, such as `kinesis`. */
  readonly connector: string;
  readonly options: ConnectorOptions;
  readonly schema: Schema<T>;
  /** Event time of a record, ms since the epoch; without it records carry what the service knows, or no time. */
  readonly time?: (value: T) => number;
  /** Whether records have event time; by default where `time` is given. A service that stamps its records says true. */
  readonly timed?: boolean;
  /** All its splits are there from the start, and each has an end; so has a job that reads nothing else. */
  readonly bounded?: boolean;
  /**
   * No text of its records is cut from a larger one, such as a line or a block that was read: state may then hold the
   * texts as they are, where it copies them otherwise. For records that are made in memory.
   */
  readonly hasOwnTexts?: boolean;
  /** What event time may rely on in a split; a split whose source says nothing may be quiet, and may bring any time. */
  readonly splitTime?: (splitId: string) => SplitTime;
  /** Called once per attempt, on the thread of the coordinator. */
  enumerator(host: ConnectorHost): SplitEnumerator;
  /** Called once per subtask and attempt, on the thread of its slot. */
  reader(host: ConnectorHost, subtask: number): SplitReader<T>;
  /** The same source, for a job without positions beginning at this time, ms since 1970. Absent where it cannot. */
  startingAt?(timeMs: number): Source<T>;
}

/** What event time may rely on in one split. */
export interface SplitTime {
  /** It has an end, so event time waits for it, however long it brings nothing. */
  readonly bounded?: boolean;
  /** None of its records is earlier, ms since 1970. */
  readonly notBefore?: number;
}

/** Finds the splits of a source. */
export interface SplitEnumerator {
  /**
   * The splits to read that are not in `known` (id → finished). A split whose parents are not finished is returned
   * too; whoever assigns splits holds it back.
   */
  discover(known: ReadonlyMap<string, boolean>): Promise<readonly Split[]>;
  /** Time between two calls; 0 means that the first call finds everything. */
  readonly discoverEveryMs: number;
  /**
   * While it is set, a subtask without splits is not idle: others will be found once those that are known are
   * finished, and none of their records is earlier than this.
   */
  readonly laterSplitsFrom?: number | undefined;
  close(): Promise<void>;
}

/** A part of a source that is read in order, with the place where reading goes on. */
export interface Split {
  readonly id: string;
  /** Opaque to the runtime; '' is the source's own start. */
  readonly position: string;
  /** Read only after all of these are finished or unknown to the source. */
  readonly parents?: readonly string[];
  readonly finished?: boolean;
}

/** Reads the splits of one subtask. */
export interface SplitReader<T> {
  /** Type of what `poll` puts into the batch; never set. */
  readonly recordType?: T;
  add(split: Split): void;
  /**
   * Fills `batch` from its start with records of one split, at most up to its capacity, and sets its size.
   * Undefined when there is nothing now; a batch of size 0 may still say that its split is finished.
   * Throws when the source failed for good.
   */
  poll(batch: RecordBatch): PolledBatch | undefined;
  /**
   * `poll` passes over these splits until it is called again with others; their positions stay where they are.
   * A reader without it is left alone as a whole, once all of its splits are to be.
   */
  pause?(splits: ReadonlySet<string>): void;
  /** `wake` is called, never from inside `poll`, when `poll` may have something again. One listener only. */
  onAvailable(wake: () => void): void;
  /** Every added split, positioned right behind what `poll` returned; a finished one says so. */
  positions(): readonly Split[];
  close(): Promise<void>;
}

/** What one poll brought. */
export interface PolledBatch {
  readonly split: string;
  readonly finished?: boolean;
  /** Records at whose place nothing stands in the batch. */
  readonly undecodable?: readonly UndecodableRecord[];
  readonly bytes: number;
  /** How far the reader is behind the end of the split, where the service says so. */
  readonly lagMs?: number;
}

/** Input that is no record of the schema: it is counted and kept aside, it never stops the job. */
export interface UndecodableRecord {
  readonly split: string;
  readonly position: string;
  readonly reason: string;
  /** The input as text, cut to 500 characters. */
  readonly preview: string;
}

/** What a sink promises about its effects when a job fails and goes on from a checkpoint. */
export type Guarantee = 'exactly-once' | 'effectively-once' | 'at-least-once';

/** Where records go. Making one does nothing; it is opened by the runtime. */
export interface Sink<T> {
  readonly connector: string;
  readonly guarantee: Guarantee;
  readonly options: ConnectorOptions;
  /** Called once per subtask and attempt, on the thread of its slot. */
  writer(host: ConnectorHost, subtask: number): SinkWriter<T>;
  /**
   * The same sink with another place: some of `options`, such as the stream, with other values. Throws for an option that
   * it cannot change. Absent where there is none.
   */
  redirected?(options: ConnectorOptions): Sink<T>;
}

/** Writes the records of one subtask. */
export interface SinkWriter<T> {
  /** Takes the record into the buffer; a full buffer is sent by itself. Throws when the sink failed for good. */
  write(value: T, time: number): void;
  /** Records that are taken and not yet durable; a writer of files counts bytes, here and in `highWater`. */
  readonly pending: number;
  /** Above this many pending records the runtime gives no more until `onAvailable`. */
  readonly highWater: number;
  /**
   * Resolves when all that was written before the call is durable; awaited before a barrier is acknowledged.
   * Rejects with a `FencedError` when a newer epoch owns what would be written.
   */
  flush(): Promise<void>;
  /** `wake` is called, never from inside `write`, when pending fell below the mark or the sink failed. */
  onAvailable(wake: () => void): void;
  /**
   * Lets go of everything without writing what is pending. Resolves when no request is under way any more: the next
   * attempt begins then, in the same epoch, and a write of this one that landed later would undo what that one wrote.
   */
  close(): Promise<void>;
}

/**
 * A sink whose effects appear with the checkpoint that they belong to, and not before: by two-phase commit.
 *
 * Contract: writers prepare at every barrier, and what they prepared is part of the checkpoint. Once it is complete,
 * the committer of the subtask is given it; should the job die in between, the committers of the job that is restored
 * from it are. So a commit is asked for once or more often, and never for a checkpoint that was given up.
 * Source: Flink's `SupportsCommitter` and `SupportsWriterState`.
 */
export interface TransactionalSink<T> extends Sink<T> {
  readonly guarantee: 'exactly-once';
  writer(host: ConnectorHost, subtask: number): TransactionalWriter<T>;
  /** Called once per subtask and attempt, before its writer is. */
  committer(host: ConnectorHost, subtask: number): Committer;
}

/** Plain data of a sink in a checkpoint. A later version of the connector tells by `version` how to read it. */
export interface Committable {
  readonly version: number;
  readonly [field: string]: unknown;
}

/** Writes the records of one subtask into transactions. */
export interface TransactionalWriter<T> extends SinkWriter<T> {
  /**
   * Fixes what was written before the call; what is written afterwards is in no part of it. Called in place of `flush` at
   * a barrier, also while an earlier call is under way. Resolves when no crash can undo what was prepared.
   */
  prepare(how: PrepareHow): Promise<Prepared>;
}

/** What a barrier is for. Where one of these is true, nothing may be left unfinished. */
export interface PrepareHow {
  /** Others may be restored from it while this job goes on, who could not both go on with the same unfinished work. */
  readonly savepoint: boolean;
  /** Nothing will be written any more. */
  readonly last: boolean;
}

/** What a writer has in hand at a barrier. */
export interface Prepared {
  /** To be committed when the checkpoint is complete. */
  readonly committables: readonly Committable[];
  /** What the writer goes on with; only a job that is restored from this very checkpoint commits it, as it is here. */
  readonly unfinished: readonly Committable[];
}

/** Makes visible what writers have prepared. */
export interface Committer {
  /**
   * Commits, in order. May be called again with the same ones, by this job or by the next, and by both at once: then it
   * does nothing more. Retries by itself for as long as it takes; rejects when that will not help.
   */
  commit(committables: readonly Committable[]): Promise<void>;
  /**
   * A savepoint is about to hold them. They must last until somebody commits them, even if this job goes on from a
   * checkpoint that knows nothing of them.
   */
  keep?(committables: readonly Committable[]): Promise<void>;
  /** Commits what the checkpoint had that the job starts from. Called once at most, before anything is written. */
  recover(restored: Recovery): Promise<void>;
  close(): Promise<void>;
}

/** What a subtask takes over from the checkpoint that the job starts from. */
export interface Recovery {
  /** Its share of what was to be committed, and of what was unfinished. */
  readonly committables: readonly Committable[];
  readonly unfinished: readonly Committable[];
  /** The shares of all subtasks. Whatever else an earlier attempt of this owner left and did not keep is of no use. */
  readonly all: readonly Committable[];
}

/** True for sinks that commit with checkpoints; classes tell nothing, since a bundle has its own. */
export function isTransactional<T>(sink: Sink<T>): sink is TransactionalSink<T> {
  return 'committer' in sink;
}

/** What a connector may know of its job and of the world. */
export interface ConnectorHost extends Scheduler {
  random(): number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Grows with every attempt of the deployment; sinks that can, refuse what an older one writes. */
  readonly epoch: number;
  /** Whose epochs these are: epochs of two deployments say nothing about each other. */
  readonly owner: string;
  report(event: ConnectorEvent): void;
}

/** Something that a connector wants to be known; the runtime adds operator and subtask. */
export interface ConnectorEvent {
  readonly level: 'info' | 'warn' | 'error';
  /** Constant text in past tense; what varies is in `fields`. */
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}
