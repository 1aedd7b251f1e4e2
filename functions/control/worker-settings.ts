import { bucketKeys, workerEnvironment, WORKER_REST_PORT } from '#contract/names.ts';
import { durationMs } from '#contract/duration.ts';
import type { RestoreTolerance } from '#contract/resources/checkpointing.ts';
import type { Attempt, Job } from '#contract/resources/job.ts';
import { workerAdjustments } from './worker-adjustments.ts';
import { workerCheckpointing } from './worker-checkpointing.ts';
import { workerRecovery } from './worker-recovery.ts';

/** Secrets and addresses that a worker is started with, made for this start alone. */
export interface LaunchMaterial {
  readonly bucket: string;
  readonly workerUrl: string;
  readonly workerSha256: string;
  readonly applicationUrl: string;
  readonly restToken: string;
  /** Undefined where the configuration refers to no secret. */
  readonly secretsUrl?: string | undefined;
  readonly restore: WorkerRestore;
}

/** The worker's own form of what it begins from. */
export type WorkerRestore =
  | { readonly kind: 'none' }
  | ({ readonly kind: 'latest-checkpoint' } & Partial<RestoreTolerance>)
  | ({ readonly kind: 'manifest'; readonly location: string } & Partial<RestoreTolerance>);

/** The environment of the worker that hosts an attempt of a job. */
export function workerSettings(job: Job, attempt: Attempt, material: LaunchMaterial): Record<string, string> {
  const { spec } = job;
  const names = workerEnvironment;
  return {
    [names.jobId]: job.id,
    [names.jobName]: job.deployment,
    [names.attempt]: String(attempt.number),
    [names.epoch]: String(attempt.epoch),
    [names.deploymentId]: job.deploymentId,
    [names.namespace]: job.namespace,
    [names.deployment]: job.deployment,
    [names.applicationUrl]: material.applicationUrl,
    [names.applicationSha256]: job.applicationSha256,
    [names.graphHash]: job.graphHash,
    [names.configuration]: JSON.stringify(spec.configuration),
    ...(material.secretsUrl === undefined ? {} : { [names.secretsUrl]: material.secretsUrl }),
    [names.parallelism]: String(spec.parallelism),
    [names.maxParallelism]: String(spec.maxParallelism),
    [names.checkpointIntervalMs]: String(durationMs(spec.checkpointInterval)),
    [names.bucket]: material.bucket,
    [names.prefix]: bucketKeys.checkpoints(job.deploymentId),
    [names.checkpointing]: JSON.stringify(workerCheckpointing(spec.checkpointing)),
    [names.stateBackend]: spec.stateBackend,
    [names.restore]: JSON.stringify(material.restore),
    [names.recovery]: JSON.stringify(workerRecovery(spec)),
    ...adjusted(names.adjustments, workerAdjustments(job)),
    [names.restPort]: String(WORKER_REST_PORT),
    [names.restToken]: material.restToken,
    [names.workerUrl]: material.workerUrl,
    [names.workerSha256]: material.workerSha256,
  };
}

function adjusted(name: string, adjustments: object | undefined): Record<string, string> {
  return adjustments === undefined ? {} : { [name]: JSON.stringify(adjustments) };
}

/**
 * What an attempt begins from.
 *
 * The first one takes what the job was started from. A later one takes the job's newest checkpoint, which the head
 * names; before the first checkpoint of the job it begins where the job began.
 */
export function restoreOf(
  job: Job,
  attempt: Attempt,
  given: { readonly hasCheckpoint: boolean; readonly keyOf: (location: string) => string },
): WorkerRestore {
  const tolerance = toleranceOf(job.spec.restoreTolerance);
  if (attempt.number > 1 && given.hasCheckpoint) return { kind: 'latest-checkpoint', ...tolerance };
  const from = job.restoredFrom;
  return from.kind === 'none'
    ? { kind: 'none' }
    : { kind: 'manifest', location: given.keyOf(from.location), ...tolerance };
}

/** Nothing where nothing is tolerated: environments are short. */
function toleranceOf({ allowNonRestoredState, renames }: RestoreTolerance): Partial<RestoreTolerance> {
  return {
    ...(allowNonRestoredState ? { allowNonRestoredState } : {}),
    ...(Object.keys(renames).length > 0 ? { renames } : {}),
  };
}
