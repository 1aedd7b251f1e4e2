import * as z from 'zod';
import { Duration } from '../duration.ts';
import { statedMembers } from '../stated-schema.ts';
import type { Stated } from '../stated-schema.ts';
import { Verb } from '../verbs.ts';
import { Checkpointing, RestoreTolerance, StateBackend } from './checkpointing.ts';
import { DeploymentState, DesiredState } from './deployment-state.ts';
import { Actor, Annotations, Labels, Name, Revision, Timestamp, Ulid } from './metadata.ts';
import { Recovery } from './recovery.ts';
import { SavepointPolicy } from './savepoint-policy.ts';
import { SinkPolicy } from './sink-policy.ts';
import { UpgradeStrategy } from './upgrade.ts';

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
    upgradeStrategy: UpgradeStrategy.prefault({}),
    restoreStrategy: RestoreStrategy.default({ kind: 'latest-state' }),
    restoreTolerance: RestoreTolerance.prefault({}),
    resources: Resources.prefault({}),
    limits: z
      .strictObject({
        /** Failed tries to bring a job up before the deployment is failed. */
        maxJobCreationAttempts: z.int().min(1).max(20).default(4),
        /** Tries that began longer ago do not count any more. */
        attemptExpiry: Duration.default('10 minutes'),
        maxSavepointCreationAttempts: z.int().min(1).max(20).default(4),
        /** Restarts inside the worker before the job is failed; a failure rate has its own limit. */
        maxRestarts: z.int().min(0).max(1000).default(10),
      })
      .prefault({}),
    recovery: Recovery.prefault({}),
    /** Savepoints that are taken and removed by rule. */
    savepoints: SavepointPolicy.prefault({}),
    /** What becomes of what the job writes; a fork's records are captured unless its creator says otherwise. */
    sinks: SinkPolicy.prefault({ every: 'keep' }),
    logging: z
      .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') })
      .prefault({}),
    /** The job is restarted, with all of its state, when a secret that its configuration refers to gets a new value. */
    restartOnRotation: z.boolean().default(false),
    /** Verbs that give up state must say so (`acceptStateLoss`) when this is set. */
    protected: z.boolean().default(false),
  })
  .meta({ id: 'DeploymentSpec' });
export type DeploymentSpec = z.infer<typeof DeploymentSpec>;

/** What can be wrong with a deployment whatever its status is. */
export const ConditionType = z
  .enum(['job-failing', 'job-unstable', 'job-unreachable', 'checkpoint-stale', 'drift', 'spec-invalid'])
  .meta({ id: 'ConditionType' });
export type ConditionType = z.infer<typeof ConditionType>;

/** Something that is wrong now; it is gone from the list as soon as it is not. */
export const Condition = z
  .object({
    type: ConditionType,
    /** In camel case, for programs: `RestartedOften`. */
    reason: z.string(),
    message: z.string(),
    since: Timestamp,
  })
  .meta({ id: 'Condition' });
export type Condition = z.infer<typeof Condition>;

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
    /** Operations that wait for it to end, the next one first. */
    queue: z.array(Ulid).default([]),
    conditions: z.array(Condition),
    /** What may be asked of it now. */
    allowed: z.array(Verb),
  })
  .meta({ id: 'DeploymentStatus' });
export type DeploymentStatus = z.infer<typeof DeploymentStatus>;

/** Where a value of a spec comes from; later ones win. */
export const SettingLevel = z
  .enum(['built-in', 'global', 'namespace', 'target', 'deployment'])
  .meta({ id: 'SettingLevel' });
export type SettingLevel = z.infer<typeof SettingLevel>;

/** The deployment and the savepoint that a fork began from. */
export const Parent = z
  .object({ deploymentId: Ulid, deployment: Name, namespace: Name, savepointId: Ulid.nullable() })
  .meta({ id: 'Parent' });
export type Parent = z.infer<typeof Parent>;

export const Deployment = z
  .object({
    id: Ulid,
    name: Name,
    namespace: Name,
    labels: Labels,
    annotations: Annotations,
    /** In effect: every field, whatever level it comes from. */
    spec: DeploymentSpec,
    /** What the deployment itself says; all else is inherited. */
    stated: z.record(z.string(), z.unknown()).default({}),
    /** JSON Pointer of a value in `spec` → where it comes from; what has no entry is built in. */
    origins: z.record(z.string(), SettingLevel).default({}),
    /** Number of the revision of what is stated now. */
    specRevision: z.int().min(1).default(1),
    parent: Parent.nullable().default(null),
    /** It is cancelled and deleted after this time. */
    expiresAt: Timestamp.nullable().default(null),
    /** Set while its deletion can still be undone. */
    deletion: z
      .object({ at: Timestamp, by: Actor, purgeAt: Timestamp, savepoints: z.enum(['keep', 'delete']) })
      .nullable()
      .default(null),
    status: DeploymentStatus,
    createdAt: Timestamp,
    modifiedAt: Timestamp,
    revision: Revision,
  })
  .meta({ id: 'Deployment' });
export type Deployment = z.infer<typeof Deployment>;

const {
  application,
  version,
  desiredState: _desiredState,
  target: _target,
  ...inheritable
} = DeploymentSpec.shape;

/** What the levels above a deployment can say of its spec; null takes away what the levels below them say. */
export type Settings = Stated<
  Omit<z.input<typeof DeploymentSpec>, 'application' | 'version' | 'desiredState' | 'target'>
>;
// The members are derived from the spec's, which is what the type says.
export const Settings = z
  .strictObject(statedMembers(inheritable))
  .meta({ id: 'Settings' }) as unknown as z.ZodType<Settings, Settings>;

/** What a deployment itself says of its spec; all else is inherited. */
export type StatedSpec = Settings & {
  application: string;
  version: number;
  /** As it is when absent; `cancelled` for a new deployment. */
  desiredState?: DesiredState | undefined;
  target?: string | null | undefined;
};
export const StatedSpec = z
  .strictObject({
    application,
    version,
    desiredState: DesiredState.optional(),
    target: Name.nullable().optional(),
    ...statedMembers(inheritable),
  })
  .meta({ id: 'StatedSpec' }) as unknown as z.ZodType<StatedSpec, StatedSpec>; // As with the settings.

/** Creates, or with PUT replaces what the caller owns. */
export const DeploymentInput = z
  .strictObject({
    name: Name,
    labels: Labels.default({}),
    annotations: Annotations.default({}),
    spec: StatedSpec,
  })
  .meta({ id: 'DeploymentInput' });
export type DeploymentInput = z.infer<typeof DeploymentInput>;

/**
 * RFC 7386 merge patch of labels, annotations and of what the deployment itself says of its spec: null takes that
 * away, so that the value is inherited again. The result is validated as a whole.
 */
export const DeploymentPatch = z
  .strictObject({
    labels: z.record(z.string(), z.unknown()).optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
    spec: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'DeploymentPatch' });
export type DeploymentPatch = z.infer<typeof DeploymentPatch>;
