/** Rows of the route table about the verbs of a deployment, and the operations that they begin. */
import * as z from 'zod';
import { Deployment } from '../resources/deployment.ts';
import { Ulid } from '../resources/metadata.ts';
import { Operation, Plan } from '../resources/operation.ts';
import { CancelInput, RescaleInput, StartInput, SuspendInput } from '../resources/verb-input.ts';
import { DryRun, pageOf, Paging } from './page.ts';
import { deployment, inNamespace, namespace, ofDeployment } from './paths.ts';
import type { Route } from './route.ts';

const OperationOrPlan = z.union([Operation, Plan]);

/** Long polling: the answer is held until the operation ended or the seconds passed. */
const Wait = z.object({ wait: z.coerce.number().int().min(0).max(20).default(0) });

export const operationRoutes = {
  startDeployment: {
    method: 'POST',
    path: `${ofDeployment}/start`,
    summary: 'Begin a job from the state that the restore strategy names',
    tag: 'Operations',
    params: z.object(deployment),
    query: DryRun,
    body: StartInput,
    success: { status: 202, alsoStatus: 200, body: OperationOrPlan },
    problems: [
      'not-found',
      'verb-not-allowed',
      'operation-in-progress',
      'no-state-to-restore',
      'idempotency-key-reused',
    ],
    idempotent: true,
    permission: 'deployments:operate',
  },
  suspendDeployment: {
    method: 'POST',
    path: `${ofDeployment}/suspend`,
    summary: 'Take a savepoint, then end the job',
    tag: 'Operations',
    params: z.object(deployment),
    query: DryRun,
    body: SuspendInput,
    success: { status: 202, alsoStatus: 200, body: OperationOrPlan },
    problems: ['not-found', 'verb-not-allowed', 'operation-in-progress', 'idempotency-key-reused'],
    idempotent: true,
    permission: 'deployments:operate',
  },
  cancelDeployment: {
    method: 'POST',
    path: `${ofDeployment}/cancel`,
    summary: 'End the job without a savepoint',
    tag: 'Operations',
    params: z.object(deployment),
    query: DryRun,
    body: CancelInput,
    success: { status: 202, alsoStatus: 200, body: OperationOrPlan },
    problems: [
      'not-found',
      'verb-not-allowed',
      'operation-in-progress',
      'state-loss-not-accepted',
      'idempotency-key-reused',
    ],
    idempotent: true,
    permission: 'deployments:operate',
  },
  rescaleDeployment: {
    method: 'POST',
    path: `${ofDeployment}/rescale`,
    summary: 'Give the running job another parallelism; it goes on with all of its state',
    tag: 'Operations',
    params: z.object(deployment),
    body: RescaleInput,
    success: { status: 200, body: Deployment },
    problems: ['not-found', 'operation-in-progress', 'revision-changed', 'job-unreachable', 'job-refused'],
    permission: 'deployments:operate',
  },
  listOperations: {
    method: 'GET',
    path: `${ofDeployment}/operations`,
    summary: 'List the operations of a deployment',
    tag: 'Operations',
    params: z.object(deployment),
    query: Paging,
    success: { status: 200, body: pageOf('OperationPage', Operation) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'deployments:read',
  },
  getOperation: {
    method: 'GET',
    path: `${inNamespace}/operations/{operation}`,
    summary: 'Get an operation; wait=20 holds the answer until it ended or 20 seconds passed',
    tag: 'Operations',
    params: z.object({ ...namespace, operation: Ulid }),
    query: Wait,
    success: { status: 200, body: Operation },
    problems: ['not-found'],
    permission: 'deployments:read',
  },
} as const satisfies Record<string, Route>;
