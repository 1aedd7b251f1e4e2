import * as z from 'zod';
import { DeploymentSpec } from './deployment.ts';
import { Name, Sha256, Timestamp, Ulid } from './metadata.ts';

export const JobState = z
  .enum(['starting', 'running', 'terminating', 'terminated', 'failed', 'finished'])
  .meta({ id: 'JobState' });
export type JobState = z.infer<typeof JobState>;

/** States after which a job never changes again. */
export const endedJobStates: readonly JobState[] = ['terminated', 'failed', 'finished'];

/** What went wrong; where the engine knows it also over which record, where it stood in its source, and whose code it was. */
export const Failure = z
  .object({
    message: z.string(),
    reason: z.string(),
    at: Timestamp,
    operator: z.string().optional(),
    stack: z.string().optional(),
    subtask: z.int().optional(),
    /** As text, without the fields that the program hides. */
    record: z.string().optional(),
    key: z.string().optional(),
    /** The innermost calls of the program's own code, the one that threw first. */
    frames: z.array(z.string()).optional(),
    source: z
      .object({
        split: z.string(),
        /** Right behind the batch that the record came with, and its number in that batch, from 1. */
        position: z.string(),
        record: z.int(),
        records: z.int(),
      })
      .optional(),
    /** Number of the checkpoint that the attempt began from. */
    restoredFrom: z.int().optional(),
  })
  .meta({ id: 'Failure' });
export type Failure = z.infer<typeof Failure>;

/** One try of a job after a failure: one task, holding one epoch. */
export const Attempt = z
  .object({
    number: z.int().min(1),
    epoch: z.int().min(1),
    taskArn: z.string().nullable(),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Attempt' });
export type Attempt = z.infer<typeof Attempt>;

/** Where a job's state came from. */
export const RestoredFrom = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('savepoint'), savepointId: Ulid, location: z.string() }),
    z.object({ kind: z.literal('checkpoint'), checkpointId: z.int(), location: z.string() }),
  ])
  .meta({ id: 'RestoredFrom' });
export type RestoredFrom = z.infer<typeof RestoredFrom>;

/** One run of a deployment's frozen spec. */
export const Job = z
  .object({
    /** 32 lower-case hexadecimal characters: also the id in the Flink REST API. */
    id: z.string().regex(/^[0-9a-f]{32}$/),
    /** Counts the jobs of the deployment from 1. */
    number: z.int().min(1),
    namespace: Name,
    deployment: Name,
    deploymentId: Ulid,
    state: JobState,
    /** What it was started with; only a rescaling changes it, and in it the parallelism. */
    spec: DeploymentSpec,
    /** Revision of the deployment's spec that it was started with. */
    specRevision: z.int().min(1).default(1),
    applicationSha256: Sha256,
    graphHash: Sha256,
    restoredFrom: RestoredFrom,
    /** Its sources began at this time, and not at the positions of the state that it began from. */
    startAt: Timestamp.nullable().default(null),
    attempts: z.array(Attempt),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable(),
    /** The first fault, kept for ever. */
    failure: Failure.nullable(),
    recordsIn: z.int().nullable(),
    recordsOut: z.int().nullable(),
    revision: z.int().min(1),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof Job>;
