import * as z from 'zod';
import { Duration } from '../duration.ts';
import { Verb } from '../verbs.ts';
import { Checkpointing, RestoreTolerance, StateBackend } from './checkpointing.ts';
import { DeploymentState, DesiredState } from './deployment-state.ts';
import { Annotations, Labels, Name, Revision, Timestamp, Ulid } from './metadata.ts';
import { Recovery } from './recovery.ts';

/** Which state a start begins from. */
export const RestoreStrategy = z
  .discriminatedUnion('kind', [
    /** The newest completed savepoint or retained checkpoint, whichever is younger; empty when there is none. */
    z.strictObject({ kind: z.literal('latest-state') }),
    /** The newest completed savepoint; refused when there is none. */
    z.strictObject({ kind: z.literal('latest-savepoint') }),
    z.strictObject({ kind: z.literal('savepoint'), savepointId: Ulid }),
    /** Empty state. What was there stays in its savepoints but is not used. */
    z.strictObject({ kind: z.literal('none') }),
  ])
  .meta({ id: 'RestoreStrategy' });
export type RestoreStrategy = z.infer<typeof RestoreStrategy>;

export const Resources = z
  .strictObject({
    /** Fargate's sizes: 0.25 to 16 vCPU. */
    cpu: z.number().min(0.25).max(16).default(0.5),
    memoryMb: z.int().min(512).max(122_880).default(1024),
  })
  .meta({ id: 'Resources' });

/** The desired state of one application version plus configuration. Answers always carry every field. */
export const DeploymentSpec = z
  .strictObject({
    application: Name,
    version: z.int().min(1),
    desiredState: DesiredState.default('cancelled'),
    target: Name.default('default'),
    parallelism: z.int().min(1).max(64).default(1),
    /** Fixed with the first state: a power of two is best. */
    maxParallelism: z.int().min(1).max(32_768).default(128),
    /** Checked against the configuration schema of the version. */
    configuration: z.record(z.string(), z.unknown()).default({}),
    checkpointInterval: Duration.default('10 seconds'),
    checkpointing: Checkpointing.prefault({}),
    stateBackend: StateBackend.default('heap'),
    restoreStrategy: RestoreStrategy.default({ kind: 'latest-state' }),
    restoreTolerance: RestoreTolerance.prefault({}),
    resources: Resources.prefault({}),
    limits: z
      .strictObject({
        /** Failed tries to bring a job up before the deployment is failed. */
        maxJobCreationAttempts: z.int().min(1).max(20).default(4),
        maxSavepointCreationAttempts: z.int().min(1).max(20).default(4),
        /** Restarts inside the worker before the job is failed; a failure rate has its own limit. */
        maxRestarts: z.int().min(0).max(1000).default(10),
      })
      .prefault({}),
    recovery: Recovery.prefault({}),
    /** Verbs that give up state must say so (`acceptStateLoss`) when this is set. */
    protected: z.boolean().default(false),
  })
  .meta({ id: 'DeploymentSpec' });
export type DeploymentSpec = z.infer<typeof DeploymentSpec>;

export const Condition = z
  .object({
    type: z.enum(['job-failing', 'cluster-unreachable', 'checkpoint-stale']),
    reason: z.string(),
    message: z.string(),
    since: Timestamp,
  })
  .meta({ id: 'Condition' });

export const DeploymentStatus = z
  .object({
    state: DeploymentState,
    /** One sentence for people, such as the cause of a failure. */
    message: z.string().nullable(),
    transitionedAt: Timestamp,
    /** The live job, or the last one. */
    jobId: z.string().nullable(),
    jobNumber: z.int().nullable(),
    /** The operation that is being carried out now. */
    operationId: Ulid.nullable(),
    conditions: z.array(Condition),
    /** What may be asked of it now. */
    allowed: z.array(Verb),
  })
  .meta({ id: 'DeploymentStatus' });
export type DeploymentStatus = z.infer<typeof DeploymentStatus>;

export const Deployment = z
  .object({
    id: Ulid,
    name: Name,
    namespace: Name,
    labels: Labels,
    annotations: Annotations,
    spec: DeploymentSpec,
    status: DeploymentStatus,
    createdAt: Timestamp,
    modifiedAt: Timestamp,
    revision: Revision,
  })
  .meta({ id: 'Deployment' });
export type Deployment = z.infer<typeof Deployment>;

/** Creates, or with PUT replaces what the caller owns. */
export const DeploymentInput = z
  .strictObject({
    name: Name,
    labels: Labels.default({}),
    annotations: Annotations.default({}),
    spec: DeploymentSpec,
  })
  .meta({ id: 'DeploymentInput' });
export type DeploymentInput = z.infer<typeof DeploymentInput>;

/** RFC 7386 merge patch of labels, annotations and spec; the result is validated as a whole. */
export const DeploymentPatch = z
  .strictObject({
    labels: z.record(z.string(), z.unknown()).optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
    spec: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'DeploymentPatch' });
export type DeploymentPatch = z.infer<typeof DeploymentPatch>;
