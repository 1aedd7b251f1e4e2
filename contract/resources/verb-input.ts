/** What callers say with a verb. */
import * as z from 'zod';
import { DeploymentPatch, RestoreStrategy } from './deployment.ts';
import { Name, Timestamp, Ulid } from './metadata.ts';
import { SinkPolicy } from './sink-policy.ts';
import { UpgradeGate } from './upgrade.ts';

const reason = z.string().max(500).default('');
/** Says that state which a verb gives up may be lost. */
const acceptStateLoss = z.boolean().default(false);

export const StartInput = z
  .strictObject({
    /** Instead of the deployment's restore strategy, for this start only. */
    restoreStrategy: RestoreStrategy.optional(),
    /** Sources begin at this time, also those that the state has positions of: past records are processed again. */
    startAt: Timestamp.optional(),
  })
  .meta({ id: 'StartInput' });

export const SuspendInput = z
  .strictObject({ description: z.string().max(500).default('') })
  .meta({ id: 'SuspendInput' });

/** Ends the job after its windows and timers have fired. */
export const DrainInput = z
  .strictObject({ description: z.string().max(500).default('') })
  .meta({ id: 'DrainInput' });

export const CancelInput = z
  .strictObject({
    /** Required when the deployment is protected. */
    acceptStateLoss,
  })
  .meta({ id: 'CancelInput' });

/** A change of the spec that the running job gets at once. */
export const UpgradeInput = z
  .strictObject({
    version: z.int().min(1).optional(),
    /** Merge patch of the spec, for all besides the version. */
    spec: DeploymentPatch.shape.spec,
    reason,
    /** Instead of the gate in the spec, for this upgrade only. */
    gate: UpgradeGate.optional(),
    acceptStateLoss,
  })
  .meta({ id: 'UpgradeInput' });

/** Takes the version that this deployment runs to another deployment of the same application. */
export const PromoteInput = z
  .strictObject({ to: Name, reason, gate: UpgradeGate.optional(), acceptStateLoss })
  .meta({ id: 'PromoteInput' });

export const RollbackInput = z
  .strictObject({
    /** Number of the revision to return to; the one before the last change of the job when absent. */
    to: z.int().min(1).optional(),
    reason,
    /** Instead of the newest savepoint that was taken while that revision ran. */
    restoreStrategy: RestoreStrategy.optional(),
    acceptStateLoss,
  })
  .meta({ id: 'RollbackInput' });

export const RestartInput = z.strictObject({ reason }).meta({ id: 'RestartInput' });

export const ResetInput = z
  .strictObject({
    savepointId: Ulid,
    reason,
    /** What the running job computed since is given up; required when the deployment is protected. */
    acceptStateLoss,
  })
  .meta({ id: 'ResetInput' });

export const RescaleInput = z
  .strictObject({ parallelism: z.int().min(1).max(64) })
  .meta({ id: 'RescaleInput' });

export const MigrateInput = z.strictObject({ target: Name, reason }).meta({ id: 'MigrateInput' });

/** A new deployment that begins from the state of this one. */
export const ForkInput = z
  .strictObject({
    name: Name,
    /** Where it belongs; the same namespace when absent. The application is copied there by reference. */
    namespace: Name.optional(),
    /** The state that it begins from; one is taken of the running job when absent. */
    savepointId: Ulid.optional(),
    /** `none`: a duplicate without state. */
    state: z.enum(['savepoint', 'none']).default('savepoint'),
    version: z.int().min(1).optional(),
    /** Merge patch of the parent's spec. */
    spec: DeploymentPatch.shape.spec,
    labels: z.record(z.string(), z.string()).optional(),
    /** Captured unless said otherwise, so that a fork never writes into what its parent writes. */
    sinks: SinkPolicy.prefault({}),
    /** Sources begin at this time instead of at the positions in the state. */
    startAt: Timestamp.optional(),
    /** Cancelled and deleted after this time. */
    expiresAt: Timestamp.optional(),
    reason,
  })
  .meta({ id: 'ForkInput' });
export type ForkInput = z.infer<typeof ForkInput>;

export const DeleteInput = z.object({
  /** Also its savepoints go, after the time in which the deletion can be undone. */
  savepoints: z.enum(['keep', 'delete']).default('keep'),
  /** Removes it for good now: also a deployment that is in the trash already. */
  purge: z.enum(['true', 'false']).default('false'),
  /** Required with `purge` or `savepoints=delete` when the deployment is protected. */
  acceptStateLoss: z.enum(['true', 'false']).default('false'),
});

/** What a second request does while an operation is under way. */
export const OnBusy = z.object({ whenBusy: z.enum(['refuse', 'queue']).default('refuse') });
