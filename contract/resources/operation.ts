import * as z from 'zod';
import { ProblemBody } from '../problems.ts';
import { RestoreStrategy } from './deployment.ts';
import { RestoredFrom } from './job.ts';
import { Actor, Name, Timestamp, Ulid } from './metadata.ts';

/** The verbs, and what the platform does by itself: `recover` begins a new attempt after a lost task. */
export const OperationKind = z
  .enum(['start', 'suspend', 'cancel', 'savepoint', 'recover'])
  .meta({ id: 'OperationKind' });
export type OperationKind = z.infer<typeof OperationKind>;

export const OperationState = z
  .enum(['pending', 'running', 'succeeded', 'failed'])
  .meta({ id: 'OperationState' });
export type OperationState = z.infer<typeof OperationState>;

export const StepState = z
  .enum(['pending', 'running', 'succeeded', 'failed', 'skipped'])
  .meta({ id: 'StepState' });

/** One state of the workflow, in the order in which it is carried out. */
export const OperationStep = z
  .object({
    /** Named as its file in functions/steps: `take-savepoint`. */
    name: z.string(),
    /** For people: "Take a savepoint". */
    title: z.string(),
    state: StepState,
    attempts: z.int().min(0),
    startedAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'OperationStep' });
export type OperationStep = z.infer<typeof OperationStep>;

/** What a verb would do: the answer of `?dryRun=true`, kept in the operation when it is carried out. */
export const Plan = z
  .object({
    kind: OperationKind,
    deployment: Name,
    steps: z.array(z.object({ name: z.string(), title: z.string() })),
    /** For start: the state that the job will begin from. */
    restore: RestoredFrom.nullable(),
    /** For cancel: what is given up, as sentences. */
    losses: z.array(z.string()),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof Plan>;

/** One verb being carried out. */
export const Operation = z
  .object({
    id: Ulid,
    namespace: Name,
    deployment: Name,
    deploymentId: Ulid,
    kind: OperationKind,
    state: OperationState,
    actor: Actor,
    plan: Plan,
    steps: z.array(OperationStep),
    jobId: z.string().nullable(),
    savepointId: Ulid.nullable(),
    problem: ProblemBody.nullable(),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable(),
    revision: z.int().min(1),
  })
  .meta({ id: 'Operation' });
export type Operation = z.infer<typeof Operation>;

export const StartInput = z
  .strictObject({
    /** Instead of the deployment's restore strategy, for this start only. */
    restoreStrategy: RestoreStrategy.optional(),
  })
  .meta({ id: 'StartInput' });

export const SuspendInput = z
  .strictObject({ description: z.string().max(500).default('') })
  .meta({ id: 'SuspendInput' });

export const RescaleInput = z
  .strictObject({ parallelism: z.int().min(1).max(64) })
  .meta({ id: 'RescaleInput' });

export const CancelInput = z
  .strictObject({
    /** Required when the deployment is protected. */
    acceptStateLoss: z.boolean().default(false),
  })
  .meta({ id: 'CancelInput' });
