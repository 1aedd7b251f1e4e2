import type { CheckpointStorage, Clock } from '../host.ts';
import type { CheckpointOptions, JobOptions } from '../runtime/job-options.ts';
import type { Job, ThreadFigures } from '../runtime/job-status.ts';
import type { DisposalLog } from './disposal-log.ts';
import type { RefusedTriggers } from './refused-triggers.ts';

/** What the routes read: the job, and the little that the job itself does not know. */
export interface RestContext {
  readonly job: Job;
  /** Of a worker that was started to wait. */
  readonly standby?: StandbyControl | undefined;
  readonly clock: Clock;
  readonly storage: CheckpointStorage;
  /** Name of the bucket behind `storage`; locations of savepoints are `s3://bucket/key`. */
  readonly bucket: string;
  /** Key under which savepoints without a directory of their own are put. */
  readonly savepointDirectory: string;
  /** 32 lower-case hexadecimal characters, never the same twice. */
  newTriggerId(): string;
  /** The configuration as it was given, shown under `user-config`. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly revision: string;
  resources(): WorkerResources;
  /** As the job was started. */
  readonly options: ShownOptions;
  readonly process: WorkerProcessInfo;
  readonly logs: WorkerLogs;
  /** Hears of faults that no caller is told. */
  readonly onError: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
  readonly disposals: DisposalLog;
  readonly refused: RefusedTriggers;
}

/** How the control plane prepares a job that is to follow another one, and begins it. */
export interface StandbyControl {
  view(): object;
  /** Throw a `RestError` for what they cannot do. */
  preload(body: Readonly<Record<string, unknown>>): void;
  begin(body: Readonly<Record<string, unknown>>): void;
}

/** What clients are shown of how the job is run. */
export type ShownOptions = Pick<JobOptions, keyof CheckpointOptions | 'restart' | 'stateBackend'>;

/** What runs the worker; of its options none is a secret. */
export interface WorkerProcessInfo {
  readonly version: string;
  readonly arch: string;
  readonly options: readonly string[];
}

/** The logs that the worker still has in hand, the one that it writes now first. */
export interface WorkerLogs {
  files(): readonly { readonly name: string; readonly sizeBytes: number; readonly modifiedAtMs: number }[];
  text(name: string): string | undefined;
}

/** The machine that the worker runs on, in bytes. */
export interface WorkerResources {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly heapUsedBytes: number;
  readonly heapCommittedBytes: number;
  readonly heapMaxBytes: number;
  readonly residentBytes: number;
  /** Of the main thread; absent where it is not measured. */
  readonly coordinator?: ThreadFigures;
}

/** What clients see of the engine's version: the Flink whose REST API it serves. */
export const FLINK_VERSION = '2.2.x-compat';
