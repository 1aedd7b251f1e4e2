/**
 * The port to the world: everything that the engine cannot compute by itself comes through here.
 *
 * The worker gives it AWS and the clock of the machine, tests and simulation give it memory, a clock that they
 * advance and one seed. So the engine is a function of its inputs, and a failed run can be repeated.
 */

/** Where the time comes from. */
export interface Clock {
  /** Milliseconds since the epoch, a whole number that may repeat and should not go back. */
  now(): number;
}

/** Takes back what was scheduled; calling it late or twice does no harm. */
export type Cancel = () => void;

/** The time of one thread: its clock and its two ways of being called again. */
export interface Scheduler {
  readonly clock: Clock;
  /** Calls `task` once, after at least `delayMs` milliseconds of the clock. */
  schedule(delayMs: number, task: () => void): Cancel;
  /** Calls `task` once, as soon as waiting input and output of the event loop had their turn. */
  defer(task: () => void): void;
}

/**
 * The scheduler of a host and nothing else of it; spreading a host itself would lose the methods of a class.
 */
export function schedulerOf(host: Scheduler): Scheduler {
  return {
    clock: host.clock,
    schedule: (delayMs, task) => host.schedule(delayMs, task),
    defer: (task) => host.defer(task),
  };
}

/** What one job needs of the world. */
export interface Host extends Scheduler {
  /** Uniform in [0, 1); seeded in tests. Used for jitter, never for ids that must be unguessable. */
  random(): number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly storage: CheckpointStorage;
  readonly reporter: Reporter;
  /** Absent where state is compressed in the thread that asks, as a simulation must. */
  readonly compression?: Compression;
  /** Starts the thread of one of so many slots; absent where jobs run in one thread only. */
  spawnSlot?(data: unknown, slots: number): SlotThread;
  /** Time of a slot that shares the thread of its job, for a simulation in which slots fall behind; the host's own without. */
  slotScheduler?(slot: number): Scheduler;
}

/** Makes state small, and large again. */
export interface Compression {
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  /** Rejects what `compress` did not make. */
  decompress(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A thread that hosts one slot, as its coordinator sees it. */
export interface SlotThread {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** `died` is called at most once, when the thread ended without having been terminated. */
  listen(handlers: {
    readonly message: (message: unknown) => void;
    readonly died: (cause: Error) => void;
  }): void;
  /** Asks the slot to let go of everything; resolves when nothing that it sent is under way, or when the thread is gone. */
  close(): Promise<void>;
  /** Resolves when the thread runs no more. */
  terminate(): Promise<void>;
}

/** A condition of a write, as S3 has them; at most one of the two. */
export interface WriteCondition {
  /** Write only over the object with this ETag. */
  readonly ifMatch?: string;
  /** Write only where no object is. */
  readonly ifNoneMatch?: '*';
}

/** An object as it was read, with the ETag that a later conditional write names. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/**
 * Durable objects under keys. Every write is whole or absent, and a read sees every write that was
 * acknowledged.
 */
export interface CheckpointStorage {
  /** Throws {@link FencedError} where the condition does not hold. */
  put(key: string, bytes: Uint8Array, condition?: WriteCondition): Promise<{ readonly etag: string }>;
  get(key: string): Promise<StoredObject | undefined>;
  /** Every key that begins with `prefix`, in the order of its bytes. */
  list(prefix: string): AsyncIterable<string>;
  /** Writes the object at `from` once more under `to`; absent where that is no cheaper than to read and write it. */
  copy?(from: string, to: string): Promise<void>;
  /** Keys without an object are skipped. */
  delete(keys: readonly string[]): Promise<void>;
}

const FENCED = 'FencedError';

/** A conditional write was refused: somebody else wrote the object since it was read. */
export class FencedError extends Error {
  override readonly name = FENCED;
}

/**
 * True also for a {@link FencedError} of another copy of this module: bundles and threads each have their own.
 */
export function isFenced(error: unknown): boolean {
  return error instanceof Error && error.name === FENCED;
}

/** What of one operator's state was there when its job began, and what had to be read then; uncompressed bytes. */
export interface OperatorHandOver {
  readonly operator: string;
  readonly chunksAhead: number;
  readonly chunksRead: number;
  readonly bytesAhead: number;
  readonly bytesRead: number;
  /** Why what had been read of it was of no use. */
  readonly filledAnew?: string;
}

/** How much of its state a job did not have to wait for. */
export interface HandOver {
  readonly bytesAhead: number;
  readonly bytesRead: number;
  readonly operators: readonly OperatorHandOver[];
}

/** One thing that happened in a job; every handler decides alone what to print, count or ignore. */
export type EngineEvent =
  | {
      readonly type: 'job-state-changed';
      readonly jobId: string;
      readonly state: string;
      readonly previous: string;
    }
  | {
      readonly type: 'job-restarting';
      readonly jobId: string;
      readonly restart: number;
      readonly delayMs: number;
      readonly reason: string;
    }
  | {
      readonly type: 'job-restored';
      readonly jobId: string;
      readonly checkpointId: number;
      readonly manifest: string;
      readonly savepoint: boolean;
      /** Where slots had read state in advance: how much of it, and how long the rest took. */
      readonly handOver?: HandOver & { readonly readMs: number };
    }
  | {
      readonly type: 'job-rescaled';
      readonly jobId: string;
      /** Parallelism before and after. */
      readonly from: number;
      readonly to: number;
      /** Between the last record with the old one and the first with the new one. */
      readonly pausedMs: number;
    }
  | { readonly type: 'job-fenced'; readonly jobId: string; readonly epoch: number; readonly reason: string }
  | {
      readonly type: 'subtask-failed';
      readonly jobId: string;
      readonly operator: string;
      readonly subtask: number;
      readonly reason: string;
      readonly stack?: string;
    }
  | {
      readonly type: 'checkpoint-completed';
      readonly jobId: string;
      readonly checkpointId: number;
      readonly durationMs: number;
      readonly bytes: number;
      readonly savepoint: boolean;
      readonly manifest: string;
    }
  | {
      readonly type: 'checkpoint-failed';
      readonly jobId: string;
      readonly checkpointId: number;
      readonly reason: string;
      readonly savepoint: boolean;
    }
  | {
      readonly type: 'checkpoint-unreadable';
      readonly jobId: string;
      readonly manifest: string;
      readonly reason: string;
    }
  | {
      readonly type: 'record-set-aside';
      readonly jobId: string;
      /** Id of its dead letter. */
      readonly letter: string;
      readonly operator: string;
      readonly reason: string;
    }
  | {
      readonly type: 'slot-blocked';
      readonly jobId: string;
      /** The chain whose code does not return. */
      readonly vertex: string;
      readonly subtask: number;
      readonly blockedMs: number;
    }
  | { readonly type: 'chunks-not-deleted'; readonly jobId: string; readonly reason: string }
  | {
      readonly type: 'record-undecodable';
      readonly jobId: string;
      readonly operator: string;
      readonly subtask: number;
      readonly split: string;
      readonly position: string;
      readonly reason: string;
    }
  | {
      readonly type: 'connector';
      readonly jobId: string;
      readonly operator: string;
      /** -1 on the coordinator. */ readonly subtask: number;
      readonly level: 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
    };

/** Hears of everything that happens. It must not throw and must not block. */
export interface Reporter {
  report(event: EngineEvent): void;
}
