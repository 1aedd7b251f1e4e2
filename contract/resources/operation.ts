import * as z from 'zod';
import { ProblemBody } from '../problems.ts';
import { Difference } from './difference.ts';
import { RestoredFrom } from './job.ts';
import { Actor, Name, Timestamp, Ulid } from './metadata.ts';
import { Verdict } from './verdict.ts';

/** The verbs, and what the platform does by itself: `recover` begins a new attempt after a lost task. */
export const OperationKind = z
  .enum([
    'start',
    'suspend',
    'drain',
    'cancel',
    'savepoint',
    'upgrade',
    'rollback',
    'restart',
    'reset',
    'rescale',
    'migrate',
    'fork',
    'delete',
    'recover',
  ])
  .meta({ id: 'OperationKind' });
export type OperationKind = z.infer<typeof OperationKind>;

export const OperationState = z
  .enum(['queued', 'pending', 'running', 'succeeded', 'failed', 'cancelled'])
  .meta({ id: 'OperationState' });
export type OperationState = z.infer<typeof OperationState>;

/** States after which an operation never changes again. */
export const endedOperationStates: readonly OperationState[] = ['succeeded', 'failed', 'cancelled'];

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
    /** The state that the job will begin from; null where no job begins, or from a savepoint that is yet to be taken. */
    restore: RestoredFrom.nullable(),
    /** What changes of the spec that the job runs with. */
    changes: z.array(Difference).default([]),
    /** Whether the new program can begin from the state; null where the program does not change. */
    verdict: Verdict.nullable().default(null),
    /** What is given up, as sentences. */
    losses: z.array(z.string()),
    warnings: z.array(z.string()),
    /** For how long no results are to be expected, by the last operations of this kind; null: none was measured. */
    expectedPauseMs: z.int().nullable().default(null),
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
    /** The operation that this one began with its end, such as a rollback after a missed gate. */
    followedBy: Ulid.nullable().default(null),
    /** Somebody asked to end it early, which happens before its next step as long as that is safe. */
    cancelRequestedAt: Timestamp.nullable().default(null),
    /** For how long no job ran for it; null where none was interrupted. */
    pauseMs: z.int().nullable().default(null),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable(),
    revision: z.int().min(1),
  })
  .meta({ id: 'Operation' });
export type Operation = z.infer<typeof Operation>;
