import * as z from 'zod';
import { Failure } from './job.ts';
import { Actor, Name, Timestamp, Ulid } from './metadata.ts';

export const SavepointOrigin = z
  .enum(['user-request', 'suspend', 'upgrade', 'copied', 'retained-checkpoint', 'scheduled', 'imported'])
  .meta({ id: 'SavepointOrigin' });

export type SavepointOrigin = z.infer<typeof SavepointOrigin>;

export const SavepointState = z
  .enum(['started', 'completed', 'failed', 'deleted'])
  .meta({ id: 'SavepointState' });

/** State of a deployment at one moment, owned by the deployment and kept across jobs and versions. */
export const Savepoint = z
  .object({
    id: Ulid,
    namespace: Name,
    deployment: Name,
    deploymentId: Ulid,
    jobId: z.string(),
    /** Null for an imported one: its job ran elsewhere. */
    jobNumber: z.int().min(1).nullable(),
    /** Of the application; of an imported one that which the deployment had then. */
    version: z.int().min(1),
    origin: SavepointOrigin,
    state: SavepointState,
    description: z.string().max(500),
    /** s3:// address of its folder. */
    location: z.string(),
    sizeBytes: z.int().nullable(),
    createdAt: Timestamp,
    createdBy: Actor,
    completedAt: Timestamp.nullable(),
    failure: Failure.nullable(),
    /** Revision of the deployment's spec that its job ran with; null for an imported one. */
    specRevision: z.int().min(1).nullable().default(null),
    /** Of a copied one: the savepoint whose state it refers to. */
    copiedFrom: z
      .object({ namespace: Name, deployment: Name, deploymentId: Ulid, savepointId: Ulid })
      .nullable()
      .default(null),
    /** Of a scheduled one: `every` of its rule. */
    schedule: z.string().nullable().default(null),
    /** Nobody and no rule may delete it until it is released. */
    hold: z
      .object({ reason: z.string().max(500), by: Actor, at: Timestamp })
      .nullable()
      .default(null),
    /** Set while its deletion can still be undone. */
    deletion: z.object({ at: Timestamp, by: Actor, purgeAt: Timestamp }).nullable().default(null),
  })
  .meta({ id: 'Savepoint' });
export type Savepoint = z.infer<typeof Savepoint>;

/** Which savepoints a list shows; those in the trash only when they are asked for. */
export const SavepointFilter = z.object({
  origin: SavepointOrigin.optional(),
  state: SavepointState.optional(),
  /** Number of the job that it was taken of. */
  job: z.coerce.number().int().min(1).optional(),
  /** Created at this time or later. */
  since: Timestamp.optional(),
  until: Timestamp.optional(),
  /** `true`: the trash, and nothing else. */
  deleted: z.enum(['true', 'false']).default('false'),
});
export type SavepointFilter = Partial<z.infer<typeof SavepointFilter>>;

/** Why nobody may delete it. */
export const HoldInput = z.strictObject({ reason: z.string().min(1).max(500) }).meta({ id: 'HoldInput' });

export const SavepointDeletion = z.object({
  /** Not into the trash but for good, also one that is in it already. */
  purge: z.enum(['true', 'false']).default('false'),
});

export const SavepointInput = z
  .strictObject({ description: z.string().max(500).default('') })
  .meta({ id: 'SavepointInput' });
