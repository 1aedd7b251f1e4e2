/** One verb for many deployments. */
import * as z from 'zod';
import { ProblemBody } from '../problems.ts';
import { DeploymentState } from './deployment-state.ts';
import { Name } from './metadata.ts';
import { Operation, Plan } from './operation.ts';

/** Which deployments, and what is asked of each; all selectors must match. */
export const ManyVerbs = z
  .strictObject({
    /** Those whose options have defaults that fit every deployment. */
    verb: z.enum(['start', 'suspend', 'drain', 'cancel', 'savepoint', 'restart']),
    /** As in lists: `team:payments`. */
    labels: z.array(z.string().max(128)).max(10).default([]),
    names: z.array(Name).min(1).max(200).optional(),
    application: Name.optional(),
    state: DeploymentState.optional(),
    description: z.string().max(500).default(''),
    /** Of a cancel: required for deployments that are protected. */
    acceptStateLoss: z.boolean().default(false),
    /** At most so many deployments in one answer; call again with `next` and the same key for the others. */
    limit: z.int().min(1).max(200).default(100),
    cursor: z.string().min(1).max(1024).optional(),
  })
  .refine(
    ({ labels, names, application, state }) =>
      labels.length > 0 || names !== undefined || application !== undefined || state !== undefined,
    'must choose deployments by labels, names, application or state',
  )
  .meta({ id: 'ManyVerbs' });
export type ManyVerbs = z.infer<typeof ManyVerbs>;

/** What became of the verb on one deployment: exactly one of the members is set. */
export const VerbOutcome = z
  .object({
    deployment: Name,
    operation: Operation.nullable(),
    /** Of a dry run. */
    plan: Plan.nullable(),
    problem: ProblemBody.nullable(),
  })
  .meta({ id: 'VerbOutcome' });
export type VerbOutcome = z.infer<typeof VerbOutcome>;

export const VerbOutcomes = z
  .object({
    items: z.array(VerbOutcome),
    accepted: z.int(),
    refused: z.int(),
    /** Goes into `cursor` of the next call; null when no deployment is left. */
    next: z.string().nullable(),
  })
  .meta({ id: 'VerbOutcomes' });
