import type { ApplicationRef } from './application-ref.ts';

/** What a job starts from. */
export type Restore =
  | { readonly kind: 'none' }
  /** The checkpoint named by the head of the deployment; none there means an empty start. */
  | { readonly kind: 'latest-checkpoint' }
  /** A manifest's key, or the directory of a savepoint. */
  | { readonly kind: 'manifest'; readonly location: string; readonly allowNonRestoredState?: boolean };

/** When and how often a failed job is started again by itself. */
export interface RestartStrategyOptions {
  readonly initialDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly backoffMultiplier?: number;
  /** Share of the delay that is added or taken at random, so that many jobs do not return at once. */
  readonly jitter?: number;
  /** After so long without a failure the next one counts as the first. */
  readonly resetAfterMs?: number;
  /** Restarts before the job is FAILED; without it there is no limit. */
  readonly maxRestarts?: number;
}

/** As Flink's `execution.checkpointing.timeout`. */
export const DEFAULT_CHECKPOINT_TIMEOUT_MS = 600_000;

/** One run of an application, completely described. */
export interface JobOptions {
  /** 32 lower-case hexadecimal characters, as Flink's. */
  readonly jobId: string;
  readonly name: string;
  readonly application: ApplicationRef;
  readonly configuration: unknown;
  /** Subtasks of every vertex that does not fix its own number, and so the number of slots. */
  readonly parallelism: number;
  /** Number of key groups; a restored job keeps that of its manifest. */
  readonly maxParallelism?: number;
  /** 0: no periodic checkpoints. */
  readonly checkpointIntervalMs: number;
  readonly checkpointTimeoutMs?: number;
  /** Failed checkpoints in a row after which the job restarts. */
  readonly tolerableFailedCheckpoints?: number;
  /** The right to commit: the head of the deployment must carry this number. */
  readonly epoch: number;
  /** Key prefix of the deployment in the checkpoint storage, without a slash at its end. */
  readonly prefix: string;
  readonly restore: Restore;
  readonly restart: RestartStrategyOptions;
  /** false: every subtask runs in the caller's thread, driven by the host's scheduler alone. */
  readonly threads: boolean;
  /** The graph must have this hash; a worker proves by it that it runs what was pushed. */
  readonly graphHash?: string;
}
