import type { ApplicationRef } from './application-ref.ts';
import type { Adjustments } from './adjustments.ts';
import type { Renames } from './coordinator/renamed-operators.ts';

/** What a job starts from. */
export type Restore =
  | { readonly kind: 'none' }
  /** The checkpoint named by the head of the deployment; none there means an empty start. */
  | ({ readonly kind: 'latest-checkpoint' } & RestoreTolerance)
  /** A manifest's key, or the directory of a savepoint. */
  | ({ readonly kind: 'manifest'; readonly location: string } & RestoreTolerance);

/** What may differ between the state and the program that starts from it. */
export interface RestoreTolerance {
  /** State of operators that the program does not have is left behind. */
  readonly allowNonRestoredState?: boolean;
  readonly renames?: Renames;
}

/** When and how often a failed job is started again by itself; as Flink's strategies, with its defaults. */
export type RestartOptions =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'fixed-delay';
      /** Restarts before the job is FAILED: 1. */
      readonly attempts?: number;
      /** 1 second. */
      readonly delayMs?: number;
    }
  | {
      readonly kind: 'exponential-delay';
      /** 1 second. */
      readonly initialDelayMs?: number;
      /** 1 minute. */
      readonly maxDelayMs?: number;
      /** 1.5 */
      readonly backoffMultiplier?: number;
      /** Share of the delay that is added or taken at random, so that many jobs do not return at once: 0.1. */
      readonly jitter?: number;
      /** After so long without a failure the next one counts as the first: 1 hour. */
      readonly resetAfterMs?: number;
      /** Restarts since then before the job is FAILED; without it there is no limit. */
      readonly maxRestarts?: number;
    }
  | {
      readonly kind: 'failure-rate';
      /** The job is FAILED by so many failures in one interval: 1. */
      readonly maxFailures?: number;
      /** 1 minute. */
      readonly intervalMs?: number;
      /** 1 second. */
      readonly delayMs?: number;
    };

/** What becomes of a record over which a function fails in the same way again and again. */
export interface PoisonOptions {
  /** `dead-letter` sets the record aside under `<prefix>/dead-letters/` and goes on without it. */
  readonly policy: 'fail' | 'dead-letter';
  /** Identical faults over the record after which the policy is applied: 3. */
  readonly faults?: number;
  /** Records that may wait aside at once; with more the job is FAILED, since the fault is no exception any more: 1000. */
  readonly maxRecords?: number;
}

/** When user code is said to block its thread. */
export interface WatchdogOptions {
  /** An event names the operator: 10 seconds. */
  readonly reportAfterMs?: number;
  /** The thread is ended and the job restarts: 1 minute; 0 waits for ever. */
  readonly restartAfterMs?: number;
}

/** As Flink's `execution.checkpointing.timeout`. */
export const DEFAULT_CHECKPOINT_TIMEOUT_MS = 600_000;

/** When checkpoints are taken, and what is kept of them. */
export interface CheckpointOptions {
  /** 0: no periodic checkpoints. */
  readonly checkpointIntervalMs: number;
  /** Between the end of a checkpoint and the next periodic one. */
  readonly checkpointMinPauseMs?: number;
  readonly checkpointTimeoutMs?: number;
  /** Failed checkpoints in a row after which the job restarts. */
  readonly tolerableFailedCheckpoints?: number;
  /** Completed checkpoints that are kept, the newest among them. */
  readonly retainedCheckpoints?: number;
  /** After so long a barrier waits no more for those of other channels and overtakes records; absent: it always waits. */
  readonly unalignedAfterMs?: number;
}

/** Where operators keep their state: on the heap of their thread, or on disk where it is larger than memory. */
export type StateBackendName = 'heap' | 'disk';

/** One run of an application, completely described. */
export interface JobOptions extends CheckpointOptions {
  /** 32 lower-case hexadecimal characters, as Flink's. */
  readonly jobId: string;
  readonly name: string;
  readonly application: ApplicationRef;
  readonly configuration: unknown;
  readonly adjustments?: Adjustments | undefined;
  /** Subtasks of every vertex that does not fix its own number, and so the number of slots. */
  readonly parallelism: number;
  /** Number of key groups; a restored job keeps that of its manifest. */
  readonly maxParallelism?: number;
  /** Default `heap`. */
  readonly stateBackend?: StateBackendName;
  /** Of the disk backend: the directory of its files, which belongs to this job alone; a temporary one where absent. */
  readonly stateDirectory?: string;
  /** Of the disk backend: what the entries of one slot may take in memory: 256 MB. */
  readonly stateMemoryMb?: number;
  /** The right to commit: the head of the deployment must carry this number. */
  readonly epoch: number;
  /** Key prefix of the deployment in the checkpoint storage, without a slash at its end. */
  readonly prefix: string;
  readonly restore: Restore;
  readonly restart: RestartOptions;
  /** Fails the job where it is left out. */
  readonly poison?: PoisonOptions;
  readonly watchdog?: WatchdogOptions;
  /** false: every subtask runs in the caller's thread, driven by the host's scheduler alone. */
  readonly threads: boolean;
  /** The graph must have this hash; a worker proves by it that it runs what was pushed. */
  readonly graphHash?: string;
}
